/* pages_play: a compiled template played without compiling its C: every value is the same hostile
 * text, branches and numbers of turns come from a list of choices. */
#ifndef TESTS_TOOLS_PAGES_PLAY_H
#define TESTS_TOOLS_PAGES_PLAY_H

#include "pages.h"
#include "platform/web/html.h"

struct choices {
    const unsigned char *bytes;
    size_t count;
    size_t next;
};

void pages_play(struct page *page, const struct template_page *template, struct str value,
                struct choices *choices);

#endif
