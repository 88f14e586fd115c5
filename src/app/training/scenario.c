#include "app/training/scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

static const char *const origin_names[] = {"estimated", "shrunk",  "default",
                                           "assumed",   "sourced", "set"};
static const char *const origin_labels[] = {N_("estimated"), N_("shrunk"),  N_("default"),
                                            N_("assumed"),   N_("sourced"), N_("set")};

const char *scenario_origin_name(enum market_origin origin)
{
    return (unsigned)origin < COUNT_OF(origin_names) ? origin_names[origin] : "";
}

bool scenario_origin_from_name(struct str name, enum market_origin *origin)
{
    for (size_t i = 0; i < COUNT_OF(origin_names); i++) {
        if (str_equal_c(name, origin_names[i])) {
            *origin = (enum market_origin)i;
            return true;
        }
    }
    return false;
}

const char *scenario_origin_label(enum market_origin origin)
{
    return (unsigned)origin < COUNT_OF(origin_labels) ? origin_labels[origin] : "";
}

/* Figures are found by their path from the end: writers and readers mostly ask for the last. */
static struct scenario_figure *figure_slot(const struct scenario *scenario, struct str path)
{
    for (int i = scenario->figure_count - 1; i >= 0; i--) {
        if (str_equal(scenario->figures[i].path, path))
            return &scenario->figures[i];
    }
    return NULL;
}

void scenario_figure_put(struct arena *arena, struct scenario *scenario,
                         const struct scenario_figure *figure)
{
    struct scenario_figure *slot = figure_slot(scenario, figure->path);
    if (slot == NULL) {
        if (scenario->figure_count == scenario->figure_capacity) {
            int capacity = scenario->figure_capacity == 0 ? 64 : 2 * scenario->figure_capacity;
            struct scenario_figure *grown =
                ARENA_ARRAY(arena, struct scenario_figure, (size_t)capacity);
            if (scenario->figure_count > 0)
                memcpy(grown, scenario->figures,
                       (size_t)scenario->figure_count * sizeof(scenario->figures[0]));
            scenario->figures = grown;
            scenario->figure_capacity = capacity;
        }
        slot = &scenario->figures[scenario->figure_count++];
        slot->path = str_copy(arena, figure->path);
    }
    struct str path = slot->path;
    *slot = *figure;
    slot->path = path;
    slot->source = str_copy(arena, figure->source);
    slot->note = str_copy(arena, figure->note);
}

void scenario_figure_set(struct arena *arena, struct scenario *scenario, enum market_origin origin,
                         double error, int64_t count, const char *source, const char *path, ...)
{
    char text[SCENARIO_PATH_MAX];
    va_list args;
    va_start(args, path);
    vsnprintf(text, sizeof(text), path, args);
    va_end(args);
    struct scenario_figure figure = {.path = str_from_c(text),
                                     .origin = origin,
                                     .has_error = error >= 0,
                                     .standard_error = error >= 0 ? error : 0,
                                     .count = count,
                                     .source = str_from_c(source)};
    scenario_figure_put(arena, scenario, &figure);
}

const struct scenario_figure *scenario_figure_find(const struct scenario *scenario, struct str path)
{
    return figure_slot(scenario, path);
}
