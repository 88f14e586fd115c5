/* web/route: the table a room's routes.def becomes.
 *
 * A room includes route_table.def after its forms and permissions, with the list named:
 *
 *     #define ROUTES_FILE "app/people/routes.def"
 *     #define ROUTES_TABLE people_routes
 *     #include "platform/web/route_table.def"
 *
 * which declares every handler and defines `const struct web_table people_routes`. A line is
 *
 *     ROUTE(GET, "/people/:id", person_show, PERSON_READ)
 *
 * with GET, GET_WORKER (a GET that reckons long: it runs on a worker thread, with a snapshot of its
 * own), POST or POST_PREPARED; PERSON_READ is the constant PERMISSION_PERSON_READ of the site.
 * A line without a permission, or with one that does not exist, does not compile. A route that
 * answers rows says which, for the API's description:
 *
 *     ROWS(people_list, person_page)      many rows of the statement person_page
 *     ROW(person_show, person_by_id)      one
 *
 * A POST's form is that of forms.def with the handler's name. A form that does not pass is shown
 * again by the GET route of the same path, or of the nearest path above it; a GET_WORKER is passed
 * over, for it may take too long.
 */
#ifndef PLATFORM_WEB_ROUTE_H
#define PLATFORM_WEB_ROUTE_H

#include "platform/web/form.h"
#include "platform/web/web.h"

typedef enum err web_get(struct request *request);
typedef enum err web_post(struct request *request, struct store_write *write, const void *form);
typedef enum err web_prepare(struct request *request, void *form);

struct web_route {
    enum web_method method;
    const char *path; /* segments, ":name" takes one */
    const char *name; /* of the handler */
    int permission;
    const char *permission_name;
    web_get *get;
    web_post *post;
    web_prepare *prepare;
    const struct form *(*form)(void); /* POST only */
    bool on_worker;                   /* a GET that would hold up a web thread */
};

/* What a route's rows look like. */
struct web_shape {
    const char *name; /* of the handler */
    const struct store_columns *columns;
    bool many;
};

/* A room's routes; the last row of each list is empty. */
struct web_table {
    const struct web_route *routes;
    const struct web_shape *shapes;
};

#endif
