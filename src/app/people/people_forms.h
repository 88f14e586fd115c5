/* people: the structs of forms.def. */
#ifndef APP_PEOPLE_PEOPLE_FORMS_H
#define APP_PEOPLE_PEOPLE_FORMS_H

#include "app/people/people.h"

/* The words of roles.def, in its order, so that a choice is an enum role; a test compares. */
#define PEOPLE_ROLE_WORDS                                                                          \
    "student,teacher,programme_head,dean,mentor,manager,researcher,expert,administrator,auditor,"  \
    "organiser"

#define FORMS_FILE "app/people/forms.def"
#include "platform/web/form_table.def"

#define ROUTES_FILE "app/people/routes.def"
#include "platform/web/route_handlers.def"

#endif
