/* web/html: what compiled pages are made of: a page being written, and values by their place.
 *
 * tools/pages chooses the function by the place a value stands in, _Generic the one for its type.
 * Nothing here allocates but the page's buffer.
 */
#ifndef PLATFORM_WEB_HTML_H
#define PLATFORM_WEB_HTML_H

#include "core/base.h"
#include "core/money.h"
#include "core/str.h"
#include "core/text.h"

/* A page being written: where to, for whom. */
struct page {
    struct buf *out;
    enum lang lang;
    struct str prefix;     /* path prefix of the site, "" or "/sampan": no slash at its end */
    struct str form_token; /* masked, fresh for this answer; hidden in each form */
    int32_t zone_minutes;  /* of the organisation, east of UTC */
};

/* The only type that is written unescaped, and only as text. Made from Markdown by a sanitiser. */
struct html {
    struct str markup;
};
/* JSON for scripts; made with core/json.h. "<" is written as its escape. */
struct json_text {
    struct str text;
};
/* A whole address, made by link_to: path and query escaped, no prefix yet. */
struct link {
    struct str address;
};
/* 63-bit id: digits. */
struct id {
    int64_t value;
};
/* A date, days since 1970-01-01: "2026-03-31" or "2026年3月31日". */
struct day {
    int32_t day;
};
/* A moment, UTC ms, shown in the organisation's zone. */
struct moment {
    int64_t ms;
};
/* A share of one in 1e-9: "12.5 %". */
struct share {
    int64_t rate_1e9;
};

/* A number scaled by 10^decimals: "1,234.50". SCALED_NONE is a dash. */
#define SCALED_NONE INT64_MIN
struct scaled {
    int64_t number;
    int decimals;
};
struct problem; /* core/err.h: as its message, without its place */

/* As text and inside quoted attributes: & < > " ' are escaped. */
void html_put_str(struct page *page, struct str value);
void html_put_c(struct page *page, const char *value);
void html_put_int(struct page *page, int64_t value); /* grouped: 12,345 */
void html_put_id(struct page *page, struct id value);
void html_put_money(struct page *page, struct money value);
void html_put_day(struct page *page, struct day value);
void html_put_moment(struct page *page, struct moment value);
void html_put_share(struct page *page, struct share value);
void html_put_scaled(struct page *page, struct scaled value);
void html_put_problem(struct page *page, const struct problem *value);
void html_put_html(struct page *page, struct html value); /* text only */
/* In attributes: plain digits, ISO dates; else as text. */
void html_attribute_str(struct page *page, struct str value);
void html_attribute_c(struct page *page, const char *value);
void html_attribute_int(struct page *page, int64_t value);
void html_attribute_id(struct page *page, struct id value);
void html_attribute_money(struct page *page, struct money value);
void html_attribute_day(struct page *page, struct day value);
void html_attribute_moment(struct page *page, struct moment value);
void html_attribute_scaled(struct page *page, struct scaled value);
/* In an address's query or fragment: percent-encoded but for A-Z a-z 0-9 - . _ ~ */
void html_address_str(struct page *page, struct str value);
void html_address_c(struct page *page, const char *value);
void html_address_int(struct page *page, int64_t value);
void html_address_id(struct page *page, struct id value);
void html_address_day(struct page *page, struct day value);
/* A segment of an address's path: the same, but an empty one, "." and "..", which a browser would
 * resolve away, become the replacement character. */
void html_segment_str(struct page *page, struct str value);
void html_segment_c(struct page *page, const char *value);
/* A whole address: the site's prefix and then it. */
void html_address_link(struct page *page, struct link value);
void html_json(struct page *page, struct json_text value);
/* Written where the template does not ask: before each address of this site, for each file of
 * static/ (with its version behind), and in each <form method="post">. */
void html_prefix(struct page *page);
void html_static(struct page *page, const char *path);
void html_form_token(struct page *page);

/* A literal of the template. */
static inline void html_literal(struct page *page, const char *text, size_t length)
{
    buf_append(page->out, (struct str){text, length});
}

/* Arguments of {{t}}: numbers from 10,000 on are grouped (one of four digits may be a year), days
 * stand in the reader's form; all is escaped after the text is put together. */
void html_text(struct page *page, const char *key, const struct err_arg *arguments, size_t count);
/* The types of C that are whole numbers; a bool is none. */
#define HTML_INTEGERS(function)                                                                    \
    signed char : function,                                                                        \
                  unsigned char : function,                                                        \
                                  short : function,                                                \
                                          unsigned short : function,                               \
                                                           int : function,                         \
                                                                 unsigned : function,              \
                                                                            long : function,       \
                                                                                   unsigned long   \
        : function
#define HTML_ARGUMENT(value)                                                                       \
    _Generic((value),                                                                              \
        struct str: html_argument_str,                                                             \
        const char *: html_argument_c,                                                             \
        char *: html_argument_c,                                                                   \
        HTML_INTEGERS(html_argument_int), \
        struct day: html_argument_day)(value)
struct err_arg html_argument_str(struct str value);
struct err_arg html_argument_c(const char *value);
struct err_arg html_argument_int(int64_t value);
struct err_arg html_argument_day(struct day value);

#define HTML_PUT(page, value)                                                                      \
    _Generic((value),                                                                              \
        struct str: html_put_str,                                                                  \
        const char *: html_put_c,                                                                  \
        char *: html_put_c,                                                                        \
        HTML_INTEGERS(html_put_int), \
        struct id: html_put_id,                                                                    \
        struct money: html_put_money,                                                              \
        struct day: html_put_day,                                                                  \
        struct moment: html_put_moment,                                                            \
        struct share: html_put_share,                                                              \
        struct scaled: html_put_scaled, const struct problem *: html_put_problem, struct problem *: html_put_problem, \
        struct html: html_put_html)((page), (value))
#define HTML_ATTRIBUTE(page, value)                                                                \
    _Generic((value),                                                                              \
        struct str: html_attribute_str,                                                            \
        const char *: html_attribute_c,                                                            \
        char *: html_attribute_c,                                                                  \
        HTML_INTEGERS(html_attribute_int), \
        struct id: html_attribute_id,                                                              \
        struct money: html_attribute_money,                                                        \
        struct day: html_attribute_day,                                                            \
        struct scaled: html_attribute_scaled, \
 struct moment: html_attribute_moment)((page), (value))
#define HTML_ADDRESS(page, value)                                                                  \
    _Generic((value),                                                                              \
        struct str: html_address_str,                                                              \
        const char *: html_address_c,                                                              \
        char *: html_address_c,                                                                    \
        HTML_INTEGERS(html_address_int), \
        struct id: html_address_id,                                                                \
        struct day: html_address_day)((page), (value))

#define HTML_SEGMENT(page, value)                                                                  \
    _Generic((value),                                                                              \
        struct str: html_segment_str,                                                              \
        const char *: html_segment_c,                                                              \
        char *: html_segment_c,                                                                    \
        HTML_INTEGERS(html_address_int), \
        struct id: html_address_id,                                                                \
        struct day: html_address_day)((page), (value))

#endif
