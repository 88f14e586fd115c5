/* web/components: the views of the design language's components, which all rooms share.
 *
 * A template calls them: {{include "platform/web/components_pages.h"}}, then
 * {{wrap shell(&view->shell)}} ... {{end}} or {{call badge(&row->state)}}.
 * Words of a view that are `const char *` are keys of texts (N_ literals), shown in the reader's
 * language; those that are `struct str` are data, shown as they are.
 */
#ifndef PLATFORM_WEB_COMPONENTS_H
#define PLATFORM_WEB_COMPONENTS_H

#include "core/base.h"
#include "core/str.h"
#include "platform/web/html.h"

/* One entry of the navigation. */
struct nav_item {
    const char *label; /* text key */
    struct link to;
    bool here; /* the page is in this part of the site */
};

/* The frame of every page: header, navigation, main, footer. */
struct shell {
    struct str title;     /* of this page; also its h1 when `heading` */
    struct str site_name; /* "Sampan" or the college's own */
    const struct nav_item *nav;
    size_t nav_count;
    struct str viewer_name; /* empty: nobody is signed in */
    struct str here;        /* path and query of this page, to come back to */
    const char *theme;      /* "light", "dark" or "auto" */
};

#endif
