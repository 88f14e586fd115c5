#include "platform/web/router.h"

#include <string.h>

#include "core/arena.h"

struct route_node {
    struct str segment; /* empty text: a parameter */
    struct route_node *children;
    struct route_node *sibling;
    const struct route_entry *entry[2]; /* by web_method */
};

static enum err fault(struct problem *problem, const struct web_route *route, const char *what)
{
    problem_set(problem, ERR_INTERNAL, ERR_CTEXT(what));
    return problem_place(problem, "%s", route->path == NULL ? route->name : route->path);
}

/* The next segment of "/a/b"; false at the end. An empty path or segment gives an empty one. */
static bool segment_next(struct str *path, struct str *segment)
{
    if (path->length == 0)
        return false;
    *path = str_slice(*path, 1, path->length - 1);
    size_t end = str_find_byte(*path, '/');
    *segment = str_slice(*path, 0, end);
    *path = str_slice(*path, end, path->length - end);
    return true;
}

static struct route_node *child_get(struct arena *arena, struct route_node *node,
                                    struct str segment)
{
    struct route_node **at = &node->children;
    while (*at != NULL && !str_equal((*at)->segment, segment))
        at = &(*at)->sibling;
    if (*at == NULL) {
        *at = ARENA_NEW(arena, struct route_node);
        (*at)->segment = segment;
    }
    return *at;
}

static bool literal_is_plain(struct str segment)
{
    for (size_t i = 0; i < segment.length; i++) {
        char c = segment.text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
            return false;
    }
    return segment.length > 0 && segment.text[0] != '.';
}

static enum err route_add(struct router *router, struct arena *arena, struct route_entry *entry,
                          struct problem *problem)
{
    const struct web_route *route = entry->route;
    struct str path = str_from_c(route->path);
    struct str segment;
    struct route_node *node = router->root;
    int segments = 0;
    int parameters = 0;
    if (path.length == 0 || path.text[0] != '/')
        return fault(problem, route, "a path begins with '/'");
    if (route->permission < PERMISSION_WEB_ANYONE)
        return fault(problem, route, "the permission is no permission");
    if (path.length == 1)
        path.length = 0;
    while (segment_next(&path, &segment)) {
        bool parameter = segment.length > 1 && segment.text[0] == ':';
        if (++segments > ROUTE_SEGMENTS_MAX || (parameter && ++parameters > WEB_PARAMETERS_MAX))
            return fault(problem, route, "the path has too many segments or parameters");
        if (!parameter && !literal_is_plain(segment))
            return fault(problem, route, "a segment is made of a-z, 0-9, '-', '_' and '.'");
        node = child_get(arena, node, parameter ? STR("") : segment);
    }
    if (node->entry[route->method] != NULL)
        return fault(problem, route, "this path stands twice");
    node->entry[route->method] = entry;
    return ERR_OK;
}

static const struct web_shape *shape_find(const struct web_table *table, const char *name)
{
    for (const struct web_shape *shape = table->shapes; shape != NULL && shape->name != NULL;
         shape++) {
        if (strcmp(shape->name, name) == 0)
            return shape;
    }
    return NULL;
}

/* The GET route of the path of `entry`, or of the nearest path above it, whose parameters are the
 * first of its own; one that runs on a worker would hold up whoever shows the form. */
static const struct route_entry *shown_by(const struct router *router,
                                          const struct route_entry *entry)
{
    const struct route_entry *nearest[ROUTE_SEGMENTS_MAX + 1];
    struct str path = str_from_c(entry->route->path);
    struct str segment;
    const struct route_node *node = router->root;
    int depth = 0;
    if (path.length == 1)
        path.length = 0;
    nearest[depth++] = node->entry[WEB_GET];
    while (segment_next(&path, &segment)) {
        struct str wanted = segment.text[0] == ':' ? STR("") : segment;
        node = node->children;
        while (node != NULL && !str_equal(node->segment, wanted))
            node = node->sibling;
        if (node == NULL)
            break;
        nearest[depth++] = node->entry[WEB_GET];
    }
    /* The front page stands above all and shows only its own form. */
    bool front = entry->route->path[1] == '\0';
    while (depth-- > 0) {
        if (nearest[depth] != NULL && !nearest[depth]->route->on_worker && (depth > 0 || front))
            return nearest[depth];
    }
    return NULL;
}

enum err router_build(struct router *router, struct arena *arena,
                      const struct web_table *const *tables, struct problem *problem)
{
    router->root = ARENA_NEW(arena, struct route_node);
    router->entries = ARENA_ARRAY(arena, struct route_entry, ROUTER_ROUTES_MAX);
    router->count = 0;
    for (; *tables != NULL; tables++) {
        for (const struct web_route *route = (*tables)->routes; route->name != NULL; route++) {
            if (router->count == ROUTER_ROUTES_MAX)
                return fault(problem, route, "there are too many routes");
            struct route_entry *entry = &router->entries[router->count];
            entry->route = route;
            entry->shape = shape_find(*tables, route->name);
            entry->index = router->count++;
            TRY(route_add(router, arena, entry, problem));
        }
    }
    for (int i = 0; i < router->count; i++) {
        if (router->entries[i].route->method == WEB_POST)
            router->entries[i].shown_by = shown_by(router, &router->entries[i]);
    }
    return ERR_OK;
}

struct search {
    enum web_method method;
    struct str *raw;
    bool other_method;
};

static const struct route_entry *find_below(struct search *search, const struct route_node *node,
                                            struct str path, int parameters, int depth)
{
    struct str segment;
    if (!segment_next(&path, &segment)) {
        if (node->entry[search->method] == NULL && node->entry[!search->method] != NULL)
            search->other_method = true;
        return node->entry[search->method];
    }
    if (segment.length == 0 || depth == ROUTE_SEGMENTS_MAX)
        return NULL;
    const struct route_node *parameter = NULL;
    for (const struct route_node *child = node->children; child != NULL; child = child->sibling) {
        if (child->segment.length == 0) {
            parameter = child;
        } else if (str_equal(child->segment, segment)) {
            const struct route_entry *found =
                find_below(search, child, path, parameters, depth + 1);
            if (found != NULL)
                return found;
        }
    }
    if (parameter == NULL || parameters == WEB_PARAMETERS_MAX)
        return NULL;
    search->raw[parameters] = segment;
    return find_below(search, parameter, path, parameters + 1, depth + 1);
}

const struct route_entry *router_find(const struct router *router, enum web_method method,
                                      struct str path, struct str raw[WEB_PARAMETERS_MAX],
                                      bool *other_method)
{
    struct search search = {.method = method, .raw = raw};
    *other_method = false;
    if (path.length == 0 || path.text[0] != '/')
        return NULL;
    if (path.length == 1)
        path.length = 0;
    const struct route_entry *entry = find_below(&search, router->root, path, 0, 0);
    *other_method = entry == NULL && search.other_method;
    return entry;
}
