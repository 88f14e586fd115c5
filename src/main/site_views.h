/* main/site_views: what the site's own pages show. */
#ifndef MAIN_SITE_VIEWS_H
#define MAIN_SITE_VIEWS_H

#include "platform/web/components.h"

struct site_error_field {
    const char *label;
    struct str message;
};

struct site_error_view {
    struct shell shell;
    struct str message;
    struct str request_id;
    const struct site_error_field *fields;
    size_t field_count;
};

#endif
