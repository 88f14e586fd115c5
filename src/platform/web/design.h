/* web/design: the page /design, every component in every state. */
#ifndef PLATFORM_WEB_DESIGN_H
#define PLATFORM_WEB_DESIGN_H

#include "platform/web/components.h"

struct arena;

/* What the page's template shows. */
struct design {
    struct shell *shell;
    struct link self;
    const struct nav_item *tabs;
    size_t tab_count;
    const struct field *fields;       /* untouched */
    const struct field *wrong_fields; /* with problems */
    size_t field_count;
    const struct form_state *state; /* of the wrong ones */
    const struct chart *charts;
    size_t chart_count;
    const struct design_row *rows;
    size_t row_count;
    struct pager pager;
    struct pager first_page;
};

/* A line of the example's tables. */
struct design_row {
    struct str name;
    const char *state;
    enum tone tone;
    struct money budget;
    int64_t places;
    struct day until;
    bool mine;
};

/* Fills title, crumbs, actions and charts' flag of `shell`; the caller has given the rest. */
void design_page(struct page *page, struct arena *arena, struct shell *shell);

#endif
