/* pages/write: operations become C, each line of a template known to the compiler by #line. */
#include "parts.h"

enum { LITERAL_MAX = 2000 }; /* bytes in one literal of C; ISO C warns of more than 4095 */

static void put_str(struct buf *out, struct str text)
{
    buf_append(out, text);
}

static void put_line(struct buf *out, int line, const char *path)
{
    buf_format(out, "#line %d \"", line);
    for (const char *c = path; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            buf_append_byte(out, '\\');
        buf_append_byte(out, *c);
    }
    buf_append_c(out, "\"\n");
}

/* An expression on one line, so that the line of an error is the tag's. */
static void put_flat(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.length; i++)
        buf_append_byte(out, text.text[i] == '\n' || text.text[i] == '\r' ? ' ' : text.text[i]);
}

static void put_c_string(struct buf *out, struct str text)
{
    buf_append_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.text[i];
        if (c == '\n')
            buf_append_c(out, "\\n");
        else if (c == '"' || c == '\\' || c == '?') /* "??" could begin a trigraph */
            buf_format(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F)
            buf_format(out, "\\%03o", c);
        else
            buf_append_byte(out, (char)c);
    }
    buf_append_byte(out, '"');
}

static void put_literal(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.length; at += LITERAL_MAX) {
        struct str part = str_slice(text, at, LITERAL_MAX);
        buf_append_c(out, "    html_literal(page, ");
        put_c_string(out, part);
        buf_format(out, ", %zu);\n", part.length);
    }
}

static void put_value(struct buf *out, const char *function, struct str expression)
{
    buf_format(out, "    %s(page, (", function);
    put_flat(out, expression);
    buf_append_c(out, "));\n");
}

static void put_text(struct buf *out, const struct op *op)
{
    buf_append_c(out, "    html_text(page, (");
    put_flat(out, op->name);
    if (op->argument_count == 0) {
        buf_append_c(out, "), NULL, 0);\n");
        return;
    }
    buf_append_c(out, "), (const struct err_arg[]){");
    for (size_t i = 0; i < op->argument_count; i++) {
        buf_append_c(out, i == 0 ? "HTML_ARGUMENT((" : ", HTML_ARGUMENT((");
        put_flat(out, op->arguments[i]);
        buf_append_c(out, "))");
    }
    buf_format(out, "}, %zu);\n", op->argument_count);
}

static void put_call(struct buf *out, const struct op *op, const char *ending)
{
    buf_append_c(out, "    ");
    put_str(out, op->name);
    buf_format(out, "%s(page", ending);
    if (op->text.length > 0) {
        buf_append_c(out, ", ");
        put_flat(out, op->text);
    }
    buf_append_c(out, ");\n");
}

/* The item points to each entry in turn; ITEM_index counts them. */
static void put_for(struct buf *out, const struct op *op)
{
    int length = (int)op->name.length;
    const char *item = op->name.text;
    buf_format(out, "    for (size_t %.*s_index = 0; %.*s_index < (size_t)(", length, item, length,
               item);
    put_flat(out, op->arguments[1]);
    buf_format(out, "); %.*s_index++) { __typeof__(&(", length, item);
    put_flat(out, op->arguments[0]);
    buf_format(out, ")[0]) %.*s = &(", length, item);
    put_flat(out, op->arguments[0]);
    buf_format(out, ")[%.*s_index]; (void)%.*s;\n", length, item, length, item);
}

static void put_condition(struct buf *out, const char *head, struct str condition)
{
    buf_append_c(out, head);
    put_flat(out, condition);
    buf_append_c(out, ") {\n");
}

static void put_static(struct buf *out, const struct op *op)
{
    buf_append_c(out, "    html_static(page, ");
    put_c_string(out, op->text);
    buf_append_c(out, ");\n");
}

static void put_signature(struct buf *out, const struct template_page *page, const char *ending)
{
    buf_append_c(out, "void ");
    put_str(out, page->name);
    buf_format(out, "%s(struct page *page", ending);
    if (page->parameters.length > 0) {
        buf_append_c(out, ", ");
        put_flat(out, page->parameters);
    }
    buf_append_c(out, ")");
}

static void put_op(struct buf *out, const struct template_file *file,
                   const struct template_page *page, const struct op *op)
{
    static const char *const functions[] = {
        [OP_PUT] = "HTML_PUT",           [OP_ATTRIBUTE] = "HTML_ATTRIBUTE",
        [OP_SEGMENT] = "HTML_SEGMENT",   [OP_ADDRESS] = "HTML_ADDRESS",
        [OP_LINK] = "html_address_link", [OP_JSON] = "html_json",
    };
    if (op->kind == OP_LITERAL) {
        put_literal(out, op->text);
        return;
    }
    put_line(out, op->line, file->path);
    switch (op->kind) {
    case OP_LITERAL:
        break;
    case OP_PUT:
    case OP_ATTRIBUTE:
    case OP_SEGMENT:
    case OP_ADDRESS:
    case OP_LINK:
    case OP_JSON:
        put_value(out, functions[op->kind], op->text);
        break;
    case OP_TEXT:
        put_text(out, op);
        break;
    case OP_PREFIX:
        buf_append_c(out, "    html_prefix(page);\n");
        break;
    case OP_STATIC:
        put_static(out, op);
        break;
    case OP_TOKEN:
        buf_append_c(out, "    html_form_token(page);\n");
        break;
    case OP_IF:
        put_condition(out, "    if (", op->text);
        break;
    case OP_ELIF:
        put_condition(out, "    } else if (", op->text);
        break;
    case OP_ELSE:
        buf_append_c(out, "    } else {\n");
        break;
    case OP_END_IF:
    case OP_END_FOR:
        buf_append_c(out, "    }\n");
        break;
    case OP_FOR:
        put_for(out, op);
        break;
    case OP_CALL:
        put_call(out, op, "");
        break;
    case OP_WRAP:
        put_call(out, op, "_begin");
        break;
    case OP_END_WRAP:
        put_call(out, op, "_end");
        break;
    case OP_SLOT: /* what follows is the second half */
        buf_append_c(out, "    (void)page;\n}\n\n");
        put_line(out, op->line, file->path);
        put_signature(out, page, "_end");
        buf_append_c(out, "\n{\n");
        break;
    }
}

static void put_page(struct buf *out, const struct template_file *file,
                     const struct template_page *page)
{
    buf_append_c(out, "\n");
    put_line(out, page->line, file->path);
    put_signature(out, page, page->has_slot ? "_begin" : "");
    buf_append_c(out, "\n{\n");
    for (size_t i = 0; i < page->ops.count; i++)
        put_op(out, file, page, &page->ops.list[i]);
    buf_append_c(out, "    (void)page;\n}\n");
}

static void put_guard(struct buf *out, const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        buf_append_byte(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
    buf_append_c(out, "_PAGES_H\n");
}

void pages_write_header(struct buf *out, const char *name, const struct template_file *files,
                        size_t count)
{
    buf_format(out, "/* %s_pages: made by tools/pages from templates; edit those. */\n#ifndef ",
               name);
    put_guard(out, name);
    buf_append_c(out, "#define ");
    put_guard(out, name);
    buf_append_c(out, "\n#include \"platform/web/html.h\"\n");
    for (size_t f = 0; f < count; f++) {
        for (size_t i = 0; i < files[f].include_count; i++) {
            buf_append_c(out, "#include ");
            put_str(out, files[f].includes[i]);
            buf_append_byte(out, '\n');
        }
    }
    for (size_t f = 0; f < count; f++) {
        buf_format(out, "\n/* %s */\n", files[f].path);
        for (size_t p = 0; p < files[f].page_count; p++) {
            const struct template_page *page = &files[f].pages[p];
            put_signature(out, page, page->has_slot ? "_begin" : "");
            buf_append_c(out, ";\n");
            if (page->has_slot) {
                put_signature(out, page, "_end");
                buf_append_c(out, ";\n");
            }
        }
    }
    buf_append_c(out, "\n#endif\n");
}

void pages_write_source(struct buf *out, const char *name, const struct template_file *files,
                        size_t count)
{
    buf_format(out,
               "/* %s_pages: made by tools/pages from templates; edit those. */\n"
               "#include \"%s_pages.h\"\n\n"
               "/* A page need not show everything of its view. */\n"
               "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n",
               name, name);
    for (size_t f = 0; f < count; f++) {
        for (size_t p = 0; p < files[f].page_count; p++)
            put_page(out, &files[f], &files[f].pages[p]);
    }
}
