/* web/components: the views of the design language's components, which all rooms share.
 *
 * A room's template says {{include "platform/web/components_pages.h"}} and then
 *
 *     {{wrap shell(&view->shell)}} ... {{end}}      the frame of every page
 *     {{call badge(N_("Open"), TONE_GOOD)}}         a component
 *     {{wrap more(N_("Details"), false)}} ... {{end}}  one that holds others
 *
 * `const char *` words of a view are keys of texts (N_ literals), shown in the reader's language;
 * `struct str` words are data, shown as they are. /design shows every component in every state.
 */
#ifndef PLATFORM_WEB_COMPONENTS_H
#define PLATFORM_WEB_COMPONENTS_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "core/text.h"
#include "platform/web/form.h"
#include "platform/web/html.h"

struct arena;
struct request;

enum tone { TONE_INFO, TONE_GOOD, TONE_WARN, TONE_BAD };

/* An entry of the navigation, of tabs or of crumbs; `label` NULL: `text`. */
struct nav_item {
    const char *label;
    struct str text;
    struct link to;
    bool here; /* the page shown, or the part of the site it is in */
};

/* A link that looks like a button. */
struct action {
    const char *label;
    struct link to;
    bool is_main; /* at most one on a page */
};

/* The frame of every page: header, navigation, head of the page, main, footer. */
struct shell {
    const char *title; /* NULL: `title_text` */
    struct str title_text;
    struct str lead;      /* one sentence under the title, or empty */
    struct str site_name; /* the college's own name for it; empty: "Sampan" */
    const struct nav_item *nav;
    size_t nav_count;
    const struct nav_item *crumbs; /* from the top down, without this page */
    size_t crumb_count;
    const struct action *actions;
    size_t action_count;
    struct str viewer_name;   /* empty: nobody is signed in */
    struct link account;      /* behind the viewer's name */
    struct link sign_in;      /* shown when nobody is; empty: not shown */
    struct str here;          /* path and query of this page, to come back to */
    const char *theme;        /* "auto", "light" or "dark" */
    const char *notice;       /* what has just been done, or NULL */
    enum tone notice_tone;    /* of it */
    bool has_charts;          /* the page holds `chart` */
    bool has_partial_updates; /* the page uses hx-... */
};

/* What of a shell the request knows: theme, here, viewer's name. */
void shell_fill(struct shell *shell, struct request *request);

struct option {
    struct str value;
    const char *label; /* NULL: `text` */
    struct str text;
    bool chosen;
};

/* One field of a form, its hint, and what is wrong with it. */
struct field {
    enum form_kind kind;
    const char *name;
    const char *id; /* unique in the page; field_of takes the name */
    const char *label;
    const char *hint; /* NULL: none */
    bool required;
    bool disabled;
    bool short_input; /* numbers, codes, dates */
    struct str value; /* FORM_FLAG: "1" when set */
    const struct problem *problem;
    const char *autocomplete;     /* "username", "current-password" ...; NULL: "off" */
    const struct option *options; /* FORM_CHOICE, FORM_ID */
    size_t option_count;
    bool as_radios;    /* all options in sight */
    bool day_as_typed; /* FORM_DAY: what was typed is no date, which a date's input would drop */
};

/* A field as declared in forms.def: what was typed (`state`, or NULL) else `value`, and its
 * problem. Options are the caller's. The name must be one of the form's. */
struct field field_of(const struct form *form, const struct form_state *state, const char *name,
                      struct str value);
/* Mark the option whose value is the field's. */
void field_choose(const struct field *field, struct option *options, size_t count);

struct table {
    const char *caption; /* also tells a screen reader where it scrolls */
    bool caption_unseen; /* a heading right above says the same */
    bool as_cards;       /* on a phone each row is a card: give each <td> data-label="{{t ...}}" */
};

/* Rows `first` to `last` of `total` (negative: not known); an empty link is no link. */
struct pager {
    const char *label; /* what it leafs through, when a page has several; NULL: "this list" */
    int64_t first, last, total;
    struct link previous, next;
};

enum chart_kind { CHART_LINE, CHART_BAR, CHART_STACKED, CHART_SCATTER };
enum chart_format { CHART_NUMBER, CHART_MONEY, CHART_PERCENT };

struct chart_series {
    const char *label; /* NULL: `name` */
    struct str name;
    const int64_t *values; /* one for each category, scaled; SCALED_NONE: none */
};

/* A chart and the table behind it, from the same numbers. CHART_SCATTER: the first series is
 * across, the second up, categories name the points. */
struct chart {
    const char *id; /* unique in the page */
    enum chart_kind kind;
    enum chart_format format;
    const char *title;
    const char *words; /* the one sentence it says, or NULL */
    const char *category_label;
    const struct str *categories;
    size_t category_count;
    const struct chart_series *series;
    size_t series_count;
    int decimals;
    struct json_text data; /* filled by chart_fill */
};

/* Write the chart's data for its script, in the reader's language. */
void chart_fill(struct chart *chart, struct arena *arena, enum lang lang);

#endif
