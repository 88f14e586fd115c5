/* pages: HTML templates become C functions. docs/platform.md section 3 is the language.
 *
 * source (template.c) -> tokens -> blocks and their words (compile.c), with every literal byte read
 * by an HTML state machine (markup.c, elements.c, attributes.c, address.c) that knows in what place
 * a value stands and refuses what cannot be made safe -> operations (ops.c) -> C (write.c).
 *
 * All slices point into the source, so a complaint finds its line and column by the pointer.
 */
#ifndef TOOLS_PAGES_PAGES_H
#define TOOLS_PAGES_PAGES_H

#include "core/arena.h"
#include "core/base.h"
#include "core/str.h"

enum { PAGES_BYTES_MAX = 4 << 20, PAGES_COMPLAINTS_MAX = 20 };

/* What is wrong, where, and what to do instead. */
struct complaint {
    const char *path;
    int line;
    int column; /* in characters, from 1 */
    struct str message;
};

enum op_kind {
    OP_LITERAL,   /* text */
    OP_PUT,       /* text: expression, as text */
    OP_ATTRIBUTE, /* in a quoted attribute */
    OP_SEGMENT,   /* a segment of an address's path */
    OP_ADDRESS,   /* in an address's query or fragment */
    OP_LINK,      /* a whole address */
    OP_JSON,
    OP_TEXT,   /* name: key, arguments */
    OP_PREFIX, /* the site's path prefix */
    OP_STATIC, /* text: path of a file of static/ */
    OP_TOKEN,  /* hidden field of a form */
    OP_IF,     /* text: condition */
    OP_ELIF,
    OP_ELSE,
    OP_END_IF,
    OP_FOR, /* name: item; arguments: array, count */
    OP_END_FOR,
    OP_CALL, /* name, text: arguments */
    OP_WRAP,
    OP_END_WRAP,
    OP_SLOT
};

struct op {
    enum op_kind kind;
    int line;
    struct str text;
    struct str name;
    const struct str *arguments;
    size_t argument_count;
};

struct ops {
    struct op *list;
    size_t count;
    size_t room;
};

struct template_page {
    struct str name;
    struct str parameters;
    int line;
    bool has_slot;
    struct ops ops;
};

struct template_file {
    const char *path;
    struct str source;
    struct str *includes; /* with their quotes or angles */
    size_t include_count;
    struct template_page *pages;
    size_t page_count;
};

struct complaints {
    struct complaint list[PAGES_COMPLAINTS_MAX];
    size_t count;
};

/* Compile one template. False when something was complained of; what compiled well is in `file`
 * nevertheless. `path` and `source` must live as long as `file`. */
bool pages_compile(struct arena *arena, const char *path, struct str source,
                   struct template_file *file, struct complaints *complaints);

/* What concerns several files of one run: a name twice, wrap and call of the wrong kind. */
bool pages_check_together(struct arena *arena, const struct template_file *files, size_t count,
                          struct complaints *complaints);

/* The header and the C file of the pages; `name` is the room's. */
void pages_write_header(struct buf *out, const char *name, const struct template_file *files,
                        size_t count);
void pages_write_source(struct buf *out, const char *name, const struct template_file *files,
                        size_t count);

#endif
