/* The view of places.html: one hostile text, to stand in every place. */
#ifndef TESTS_TOOLS_PLACES_VIEWS_H
#define TESTS_TOOLS_PLACES_VIEWS_H

#include "platform/web/html.h"

struct places {
    struct str value;
    const char *c_value; /* the same up to its first zero byte */
    struct link link;
    struct json_text json;
    bool on;
    struct str list[3];
};

#endif
