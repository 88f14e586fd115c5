/* web/route: the table a room's routes.def becomes.
 *
 * A room includes this after its forms, with the file named:
 *
 *     #define ROUTES_FILE "app/people/routes.def"
 *     #define ROUTES_TABLE people_routes
 *     #include "platform/web/route_table.h"
 *
 * which declares every handler and defines the table. A line is
 *
 *     ROUTE(GET, "/people/:id", person_show, PERSON_READ)
 *
 * with GET, POST or POST_PREPARED; a line without a permission does not compile.
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
    const struct form *form; /* POST only */
};

#endif
