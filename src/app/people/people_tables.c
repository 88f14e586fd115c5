/* people: what the lists of forms and routes become. */
#include "app/people/people.h"
#include "app/people/people_forms.h"
#include "app/people/people_queries.h"

#define FORMS_FILE "app/people/forms.def"
#define FORMS_DEFINE
#include "platform/web/form_table.def"

#define ROUTES_FILE "app/people/routes.def"
#define ROUTES_TABLE people_routes
#include "platform/web/route_table.def"
