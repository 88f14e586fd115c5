/* pages/together: what can only be seen over all templates of a room. */
#include "parts.h"

static const struct template_page *find(const struct template_file *files, size_t count,
                                        struct str name)
{
    for (size_t f = 0; f < count; f++) {
        for (size_t p = 0; p < files[f].page_count; p++) {
            if (str_equal(files[f].pages[p].name, name))
                return &files[f].pages[p];
        }
    }
    return NULL;
}

static bool check_names(const struct compiler *compiler, const struct template_file *files,
                        size_t count, const struct template_page *page)
{
    const struct template_page *first = find(files, count, page->name);
    if (first == page)
        return true;
    const char *path = "";
    for (size_t f = 0; f < count; f++) {
        if (first >= files[f].pages && first < files[f].pages + files[f].page_count)
            path = files[f].path;
    }
    return complain(compiler, page->name.text, "the page '%.*s' is already in %s, line %d",
                    (int)page->name.length, page->name.text, path, first->line);
}

static bool check_calls(const struct compiler *compiler, const struct template_file *files,
                        size_t count, const struct template_page *page)
{
    bool fine = true;
    for (size_t i = 0; i < page->ops.count; i++) {
        const struct op *op = &page->ops.list[i];
        if (op->kind != OP_CALL && op->kind != OP_WRAP)
            continue;
        const struct template_page *called = find(files, count, op->name);
        if (called == NULL) /* of another room: the compiler knows */
            continue;
        if (op->kind == OP_CALL && called->has_slot)
            fine = complain(compiler, op->name.text,
                            "'%.*s' holds {{slot}}; write {{wrap ...}} ... {{end}}",
                            (int)op->name.length, op->name.text);
        if (op->kind == OP_WRAP && !called->has_slot)
            fine = complain(compiler, op->name.text, "'%.*s' holds no {{slot}}; write {{call ...}}",
                            (int)op->name.length, op->name.text);
    }
    return fine;
}

bool pages_check_together(struct arena *arena, const struct template_file *files, size_t count,
                          struct complaints *complaints)
{
    bool fine = true;
    for (size_t f = 0; f < count; f++) {
        struct compiler compiler = {arena, files[f].path, files[f].source, complaints};
        for (size_t p = 0; p < files[f].page_count; p++) {
            fine = check_names(&compiler, files, count, &files[f].pages[p]) && fine;
            fine = check_calls(&compiler, files, count, &files[f].pages[p]) && fine;
        }
    }
    return fine;
}
