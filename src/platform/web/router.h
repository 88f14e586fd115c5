/* web/router: from a method and a path to a route and its parameters. Internal to web.
 *
 * Paths are compared as sent; only the parameters are unescaped, after the route is found. A
 * literal segment goes before a parameter. Built once, read by all threads.
 */
#ifndef PLATFORM_WEB_ROUTER_H
#define PLATFORM_WEB_ROUTER_H

#include "platform/web/route.h"

enum { ROUTE_SEGMENTS_MAX = 12, ROUTER_ROUTES_MAX = 1024 };

/* A route with its place in the list of all, for counters. */
struct route_entry {
    const struct web_route *route;
    const struct web_shape *shape;      /* NULL: answers no rows */
    const struct route_entry *shown_by; /* POST: the GET route that shows its form, or NULL */
    int index;
};

struct route_node;

struct router {
    struct route_node *root;
    struct route_entry *entries;
    int count;
};

/* ERR_INTERNAL with the fault: a path twice, a bad path, a negative permission, too many. */
MUST_USE enum err router_build(struct router *router, struct arena *arena,
                               const struct web_table *const *tables, struct problem *problem);
/* The entry, or NULL; `other_method`: the path exists for another method. `raw` are the parameters
 * as sent. */
const struct route_entry *router_find(const struct router *router, enum web_method method,
                                      struct str path, struct str raw[WEB_PARAMETERS_MAX],
                                      bool *other_method);

#endif
