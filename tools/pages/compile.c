/* pages/compile: tags and blocks of a template become operations. */
#include <string.h>

#include "parts.h"

enum { BLOCKS_MAX = 64 };

struct block {
    enum word word;   /* WORD_PAGE, WORD_IF, WORD_FOR, WORD_WRAP */
    struct str whole; /* the tag that began it */
    struct position before;
    struct position merged;
    bool first;   /* no branch has ended yet */
    bool in_else; /* {{else}} was seen */
    int floor;    /* of the block around */
    int base;
    struct str name;
};

/* A page being compiled. */
struct body {
    const struct compiler *compiler;
    struct template_page *page;
    struct writer writer;
    struct markup *markup;
    struct block blocks[BLOCKS_MAX];
    int block_count;
};

static struct str rest_of(struct str text, size_t from)
{
    return str_slice(text, from, text.length - from);
}

static struct block *inner(struct body *body)
{
    return &body->blocks[body->block_count - 1];
}

static int line(const struct body *body, const struct token *token)
{
    return line_of(body->compiler, token->whole.text);
}

/* "NAME(arguments)", all of `text`. */
static bool read_signature(const struct compiler *compiler, const struct token *token,
                           struct str *name, struct str *arguments)
{
    struct str text = token->text;
    *name = identifier_head(text);
    struct str rest = str_trim(rest_of(text, name->length));
    if (name->length == 0 || rest.length < 2 || rest.text[0] != '(' ||
        rest.text[rest.length - 1] != ')')
        return complain(compiler, token->whole.text, "a page is NAME(...)");
    *arguments = str_trim(str_slice(rest, 1, rest.length - 2));
    return true;
}

static bool block_open(struct body *body, const struct token *token, struct block **block)
{
    if (body->block_count == BLOCKS_MAX)
        return complain(body->compiler, token->whole.text, "blocks nested deeper than %d",
                        BLOCKS_MAX);
    int floor = body->markup->floor;
    struct block opened = {
        .word = token->word, .whole = token->whole, .floor = floor, .first = true};
    if (!markup_block(body->markup, token->whole, token->word, &opened.before))
        return false;
    body->blocks[body->block_count] = opened;
    *block = &body->blocks[body->block_count++];
    return true;
}

static bool do_if(struct body *body, const struct token *token)
{
    struct block *block;
    if (!expression_single(body->compiler, token->text) || !block_open(body, token, &block))
        return false;
    writer_op(&body->writer, OP_IF, line(body, token))->text = token->text;
    return true;
}

static bool branch_end(struct body *body, const struct token *token)
{
    struct block *block = inner(body);
    bool first = block->first;
    block->first = false;
    return markup_branch_end(body->markup, &block->before, token->whole, &block->merged, first);
}

static bool do_else(struct body *body, const struct token *token)
{
    bool is_else = token->word == WORD_ELSE;
    struct block *block = inner(body);
    if (block->word != WORD_IF)
        return complain(body->compiler, token->whole.text, "{{%s}} without {{if}}",
                        is_else ? "else" : "elif");
    if (block->in_else)
        return complain(body->compiler, token->whole.text, "{{%s}} after {{else}}",
                        is_else ? "else" : "elif");
    if (is_else && token->text.length > 0)
        return complain(body->compiler, token->text.text,
                        "{{else}} has no condition; write {{elif}}");
    if ((!is_else && !expression_single(body->compiler, token->text)) || !branch_end(body, token))
        return false;
    block->in_else = is_else;
    writer_op(&body->writer, is_else ? OP_ELSE : OP_ELIF, line(body, token))->text = token->text;
    return true;
}

static bool is_item(const struct body *body, struct str name)
{
    for (int i = 0; i < body->block_count; i++) {
        if (body->blocks[i].word == WORD_FOR && str_equal(body->blocks[i].name, name))
            return true;
    }
    return false;
}

static bool do_for(struct body *body, const struct token *token)
{
    const struct compiler *compiler = body->compiler;
    struct str name = identifier_head(token->text);
    struct str rest = str_trim(rest_of(token->text, name.length));
    struct str in = identifier_head(rest);
    if (name.length == 0 || !str_equal_c(in, "in"))
        return complain(compiler, token->whole.text, "a loop is {{for item in array, count}}");
    if (is_item(body, name))
        return complain(compiler, name.text, "'%.*s' is the item of a loop around this one",
                        (int)name.length, name.text);
    rest = str_trim(rest_of(rest, in.length));
    struct str *parts;
    struct block *block;
    if (!expression_check(compiler, rest))
        return false;
    if (expression_split(compiler->arena, rest, &parts) != 2)
        return complain(compiler, token->whole.text,
                        "a loop is {{for item in array, count}}, with its count");
    if (!expression_single(compiler, parts[0]) || !expression_single(compiler, parts[1]) ||
        !block_open(body, token, &block))
        return false;
    block->name = name;
    struct op *op = writer_op(&body->writer, OP_FOR, line(body, token));
    op->name = name;
    op->arguments = parts;
    op->argument_count = 2;
    return true;
}

/* Bit n is set when {n} stands in the text. */
static unsigned holes(struct str text)
{
    unsigned found = 0;
    for (size_t i = 0; i + 2 < text.length; i++) {
        char digit = text.text[i + 1];
        if (text.text[i] == '{' && digit >= '0' && digit <= '9' && text.text[i + 2] == '}')
            found |= 1U << (digit - '0');
    }
    return found;
}

static bool do_text(struct body *body, const struct token *token)
{
    const struct compiler *compiler = body->compiler;
    struct str *parts;
    if (!expression_check(compiler, token->text))
        return false;
    size_t count = expression_split(compiler->arena, token->text, &parts);
    for (size_t i = 0; i < count; i++) {
        if (!expression_single(compiler, parts[i]))
            return false;
    }
    unsigned expected = (1U << (count - 1)) - 1;
    if (count > 11 || (expression_is_literal(parts[0]) && holes(parts[0]) != expected))
        return complain(compiler, parts[0].text,
                        "this text has other holes than {{t}} has arguments; {0} is the first");
    struct op text = {.name = parts[0], .arguments = parts + 1, .argument_count = count - 1};
    return markup_text(body->markup, token->whole, &text);
}

static bool do_call(struct body *body, const struct token *token)
{
    struct str name, arguments;
    if (!read_signature(body->compiler, token, &name, &arguments))
        return false;
    if (arguments.length > 0 && !expression_check(body->compiler, arguments))
        return false;
    if (is_item(body, name))
        return complain(body->compiler, name.text,
                        "'%.*s' is the item of a loop here and hides the page; name the item "
                        "otherwise",
                        (int)name.length, name.text);
    bool wrap = token->word == WORD_WRAP;
    struct block *block = NULL;
    if (wrap ? !block_open(body, token, &block) : !markup_call(body->markup, token->whole))
        return false;
    if (wrap) {
        block->name = name;
        body->markup->base = body->markup->depth;
    }
    struct op *op = writer_op(&body->writer, wrap ? OP_WRAP : OP_CALL, line(body, token));
    op->name = name;
    op->text = arguments;
    return true;
}

static bool do_slot(struct body *body, const struct token *token)
{
    if (body->page->has_slot)
        return complain(body->compiler, token->whole.text, "{{slot}} twice in one page");
    if (body->block_count > 1)
        return complain(body->compiler, token->whole.text,
                        "{{slot}} inside a block; it stands once, between elements, outside of "
                        "{{if}}, {{for}} and {{wrap}}");
    if (!markup_call(body->markup, token->whole))
        return false;
    body->page->has_slot = true;
    writer_op(&body->writer, OP_SLOT, line(body, token));
    return true;
}

/* {{end}} of a block; *over when it was the page's. */
static bool do_end(struct body *body, const struct token *token, bool *over)
{
    struct block *block = inner(body);
    struct markup *markup = body->markup;
    if (token->text.length > 0)
        return complain(body->compiler, token->text.text, "{{end}} stands alone");
    if (block->word == WORD_PAGE) {
        *over = true;
        writer_trim(&body->writer);
        return markup_end(markup, token->whole.text);
    }
    if (!branch_end(body, token))
        return false;
    bool loop = block->word == WORD_FOR;
    if (block->word != WORD_WRAP && !block->in_else &&
        !markup_skip(markup, &block->before, token->whole, loop, &block->merged))
        return false;
    markup->blank = false;
    if (block->word != WORD_WRAP)
        markup_join(markup, &block->before, &block->merged);
    markup->floor = block->floor;
    markup->base = block->base;
    enum op_kind kind = block->word == WORD_IF ? OP_END_IF : loop ? OP_END_FOR : OP_END_WRAP;
    struct op *op = writer_op(&body->writer, kind, line(body, token));
    if (kind == OP_END_WRAP) { /* it calls with the same arguments */
        const struct op *begun = NULL;
        int depth = 0;
        for (size_t i = body->page->ops.count - 1; i-- > 0 && begun == NULL;) {
            const struct op *one = &body->page->ops.list[i];
            depth += one->kind == OP_END_WRAP;
            if (one->kind == OP_WRAP && depth-- == 0)
                begun = one;
        }
        op->name = begun->name;
        op->text = begun->text;
    }
    body->block_count--;
    return true;
}

static bool do_tag(struct body *body, const struct token *token, bool *over)
{
    const struct compiler *compiler = body->compiler;
    switch (token->word) {
    case WORD_NONE:
        return expression_single(compiler, token->text) &&
               markup_value(body->markup, token->whole, token->text);
    case WORD_JSON:
        return expression_single(compiler, token->text) &&
               markup_json(body->markup, token->whole, token->text);
    case WORD_IF:
        return do_if(body, token);
    case WORD_ELIF:
    case WORD_ELSE:
        return do_else(body, token);
    case WORD_FOR:
        return do_for(body, token);
    case WORD_T:
        return do_text(body, token);
    case WORD_CALL:
    case WORD_WRAP:
        return do_call(body, token);
    case WORD_SLOT:
        return do_slot(body, token);
    case WORD_END:
        return do_end(body, token, over);
    case WORD_INCLUDE:
        return complain(compiler, token->whole.text, "{{include}} stands before the pages");
    case WORD_PAGE:
        return complain(compiler, token->whole.text,
                        "{{page}} inside a page; an {{end}} is missing before it");
    }
    return false;
}

static bool body_read(struct body *body, struct template *template)
{
    bool over = false;
    while (!over) {
        struct token token;
        if (!template_next(template, &token))
            return false;
        if (token.kind == TOKEN_END) {
            const struct block *block = inner(body);
            return complain(body->compiler, block->whole.text, "this block has no {{end}}");
        }
        bool fine = token.kind == TOKEN_LITERAL ? markup_literal(body->markup, token.text)
                                                : do_tag(body, &token, &over);
        if (!fine)
            return false;
    }
    return true;
}

/* Behind a mistake: on to the next page of the file. */
static void next_page(struct template *template)
{
    struct token token;
    do {
        size_t at = template->at;
        size_t count = template->compiler->complaints->count;
        if (!template_next(template, &token)) {
            template->compiler->complaints->count = count; /* one mistake is told once */
            if (template->at == at)
                template->at = template->compiler->source.length;
            token.kind = TOKEN_LITERAL;
        } else if (token.kind == TOKEN_TAG && token.word == WORD_PAGE) {
            template->at = at;
            return;
        }
    } while (token.kind != TOKEN_END);
}

static bool do_page(const struct compiler *compiler, struct template *template,
                    const struct token *token, struct template_page *page)
{
    struct markup *markup = ARENA_NEW(compiler->arena, struct markup);
    struct body body = {.compiler = compiler, .page = page, .markup = markup, .block_count = 1};
    body.writer = (struct writer){.arena = compiler->arena, .ops = &page->ops};
    body.blocks[0] = (struct block){.word = WORD_PAGE, .whole = token->whole};
    page->line = body.writer.line = line_of(compiler, token->whole.text);
    if (!read_signature(compiler, token, &page->name, &page->parameters))
        return false;
    if (page->parameters.length > 0 && !expression_check(compiler, page->parameters))
        return false;
    buf_init(&body.writer.pending);
    markup_begin(markup, compiler, &body.writer);
    bool fine = body_read(&body, template);
    writer_flush(&body.writer);
    buf_clear(&body.writer.pending);
    markup_free(markup);
    return fine;
}

static bool do_include(const struct compiler *compiler, const struct token *token,
                       struct template_file *file)
{
    struct str text = token->text;
    char first = text.length < 3 ? '\0' : text.text[0];
    char last = text.length < 3 ? '\0' : text.text[text.length - 1];
    bool fine = (first == '"' && last == '"') || (first == '<' && last == '>');
    for (size_t i = 1; fine && i + 1 < text.length; i++)
        fine = text.text[i] != '"' && text.text[i] != '\n' && text.text[i] != '>';
    if (!fine)
        return complain(compiler, token->whole.text, "a header is {{include \"app/room/file.h\"}}");
    file->includes[file->include_count++] = text;
    return true;
}

static bool between_pages(const struct compiler *compiler, const struct token *token)
{
    struct str text = token->text;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
            return complain(compiler, text.text + i,
                            "markup outside of a page; begin one with {{page NAME(...)}}, or write "
                            "{{# a remark}}");
    }
    return true;
}

bool pages_compile(struct arena *arena, const char *path, struct str source,
                   struct template_file *file, struct complaints *complaints)
{
    struct compiler compiler = {arena, path, source, complaints};
    struct template template = {.compiler = &compiler};
    size_t before = complaints->count;
    /* No template holds more tags than pairs of braces. */
    size_t room = 1;
    for (size_t i = 0; i + 1 < source.length; i++)
        room += source.text[i] == '{' && source.text[i + 1] == '{';
    *file = (struct template_file){.path = path, .source = source};
    file->includes = ARENA_ARRAY(arena, struct str, room);
    file->pages = ARENA_ARRAY(arena, struct template_page, room);
    if (!str_is_utf8(source))
        return complain(&compiler, source.text, "the file is not UTF-8");
    for (;;) {
        struct token token;
        bool fine = template_next(&template, &token);
        if (fine && token.kind == TOKEN_END)
            break;
        if (fine && token.kind == TOKEN_LITERAL)
            fine = between_pages(&compiler, &token);
        else if (fine && token.word == WORD_INCLUDE)
            fine = do_include(&compiler, &token, file);
        else if (fine && token.word == WORD_PAGE)
            fine = do_page(&compiler, &template, &token, &file->pages[file->page_count++]);
        else if (fine)
            fine = complain(&compiler, token.whole.text,
                            "outside of a page stand only {{include}} and {{page}}");
        if (!fine)
            next_page(&template);
    }
    return complaints->count == before;
}
