/* pages/places: which tags of the template may stand where. */
#include "parts.h"

static bool not_in_script(const struct markup *markup, struct str whole)
{
    return complain(markup->compiler, whole.text,
                    markup->state == MARKUP_JSON
                        ? "only {{json expression}} may stand in a script of data"
                        : "a value in a script; scripts are files of static/, data go into <script "
                          "type=\"application/json\">");
}

static bool not_in_tag(const struct markup *markup, struct str whole)
{
    return complain(markup->compiler, whole.text,
                    "a value in a tag's or attribute's name; write name=\"{{value}}\"");
}

static bool in_words(const struct markup *markup, struct str whole)
{
    if (markup->state == MARKUP_WORDS || element_takes_words(markup))
        return true;
    struct str open = markup->elements[markup->depth - 1].name;
    return complain(
        markup->compiler, whole.text,
        "a value directly in <%.*s>; a browser would move it out: put it into a cell or "
        "item",
        (int)open.length, open.text);
}

void markup_raw(struct markup *markup, struct str whole)
{
    if (markup->state != MARKUP_VALUE)
        return;
    buf_append(&attribute_current(markup)->raw, whole);
    attribute_current(markup)->computed = true;
}

bool markup_value(struct markup *markup, struct str whole, struct str expression)
{
    enum op_kind kind = OP_PUT;
    switch (markup->state) {
    case MARKUP_TEXT:
    case MARKUP_WORDS:
        if (!in_words(markup, whole))
            return false;
        kind = markup->state == MARKUP_WORDS ? OP_ATTRIBUTE : OP_PUT;
        break;
    case MARKUP_TAG:
    case MARKUP_TAG_GLUED:
        return not_in_tag(markup, whole);
    case MARKUP_VALUE:
        if (!attribute_takes_value(markup, whole))
            return false;
        markup_raw(markup, whole);
        if (markup->address != ADDRESS_NONE)
            return address_value(markup, whole, expression);
        kind = OP_ATTRIBUTE; /* whose types leave out struct html */
        break;
    case MARKUP_JSON:
    case MARKUP_EMPTY:
        return not_in_script(markup, whole);
    }
    writer_op(markup->writer, kind, line_of(markup->compiler, whole.text))->text = expression;
    markup->blank = false;
    return true;
}

bool markup_text(struct markup *markup, struct str whole, const struct op *text)
{
    switch (markup->state) {
    case MARKUP_TEXT:
    case MARKUP_WORDS:
        if (!in_words(markup, whole))
            return false;
        break;
    case MARKUP_TAG:
    case MARKUP_TAG_GLUED:
        return not_in_tag(markup, whole);
    case MARKUP_VALUE:
        if (!attribute_takes_text(markup, whole))
            return false;
        markup_raw(markup, whole);
        break;
    case MARKUP_JSON:
    case MARKUP_EMPTY:
        return not_in_script(markup, whole);
    }
    int line = line_of(markup->compiler, whole.text);
    struct op *op = writer_op(markup->writer, OP_TEXT, line);
    *op = *text;
    op->kind = OP_TEXT;
    op->line = line;
    markup->blank = false;
    return true;
}

bool markup_json(struct markup *markup, struct str whole, struct str expression)
{
    if (markup->state != MARKUP_JSON)
        return complain(markup->compiler, whole.text,
                        "{{json}} stands only in <script type=\"application/json\">");
    writer_op(markup->writer, OP_JSON, line_of(markup->compiler, whole.text))->text = expression;
    return true;
}

bool markup_call(struct markup *markup, struct str whole)
{
    if (markup->state == MARKUP_TEXT) {
        markup->blank = false;
        return true;
    }
    return complain(markup->compiler, whole.text,
                    "a page inside a tag, a script or words; pages are called between elements");
}

static struct position position_of(const struct markup *markup)
{
    return (struct position){markup->state,           markup->address, markup->depth,
                             markup->attribute_count, markup->tag_at,  markup->blank};
}

bool markup_block(struct markup *markup, struct str whole, enum word word, struct position *before)
{
    if (markup->state == MARKUP_JSON || markup->state == MARKUP_EMPTY)
        return not_in_script(markup, whole);
    bool in_tag = markup->state == MARKUP_TAG || markup->state == MARKUP_TAG_GLUED;
    if (word == WORD_FOR && in_tag)
        return complain(markup->compiler, whole.text,
                        "{{for}} around attributes would write one twice; use it inside the value");
    if (word == WORD_WRAP && !markup_call(markup, whole))
        return false;
    if (markup->state == MARKUP_VALUE && !attribute_takes_value(markup, whole))
        return false;
    markup_raw(markup, whole);
    *before = position_of(markup);
    markup->floor = markup->depth;
    markup->blocks += word != WORD_WRAP;
    markup->blank = markup->blank && word == WORD_IF; /* a loop may come from its own end */
    before->blank = markup->blank;
    return true;
}

static bool is_in_tag(enum markup_state state)
{
    return state == MARKUP_TAG || state == MARKUP_TAG_GLUED;
}

/* Do both stand in the same element, tag and value? Their address may have come on. */
static bool same_place(const struct position *one, const struct position *other)
{
    if (is_in_tag(one->state) && is_in_tag(other->state))
        return one->tag_at == other->tag_at;
    if (one->state != other->state)
        return false;
    return one->state != MARKUP_VALUE ||
           (one->tag_at == other->tag_at && one->attribute_count == other->attribute_count);
}

/* What holds after either of two branches; false when one has begun an address, the other not. */
static bool merge(struct position *merged, const struct position *other)
{
    if (is_in_tag(merged->state) && other->state == MARKUP_TAG_GLUED)
        merged->state = MARKUP_TAG_GLUED;
    merged->blank = merged->blank && other->blank;
    if (merged->address != other->address) {
        if (merged->address == ADDRESS_START || other->address == ADDRESS_START)
            return false;
        merged->address = ADDRESS_UNCERTAIN;
    }
    return true;
}

bool markup_branch_end(struct markup *markup, const struct position *before, struct str whole,
                       struct position *merged, bool first)
{
    struct position now = position_of(markup);
    if (now.depth > before->depth) {
        struct str open = markup->elements[markup->depth - 1].name;
        return complain(markup->compiler, open.text,
                        "<%.*s> is not closed in its block; open and close on the same side",
                        (int)open.length, open.text);
    }
    if (!same_place(before, &now))
        return complain(markup->compiler, whole.text,
                        "this block ends in another place than it began; close in it what it "
                        "opens, and open no tag and no value in part");
    if (first)
        *merged = now;
    else if (!merge(merged, &now))
        return complain(markup->compiler, whole.text,
                        "only one branch begins the address; begin it in all, or before");
    for (int i = before->attribute_count; is_in_tag(now.state) && i < now.attribute_count; i++)
        markup->attributes[i].hidden = true;
    markup_raw(markup, whole);
    markup->state = before->state;
    markup->address = before->address;
    markup->blank = before->blank;
    return true;
}

bool markup_skip(struct markup *markup, const struct position *before, struct str whole, bool loop,
                 struct position *merged)
{
    if (loop && merged->address != before->address)
        return complain(markup->compiler, whole.text,
                        "each turn of this {{for}} would begin in another part of the address; put "
                        "it together with link_to");
    if (!merge(merged, before))
        return complain(markup->compiler, whole.text,
                        "without {{else}} the address may stay empty; begin it before the {{if}}");
    return true;
}

void markup_join(struct markup *markup, const struct position *before,
                 const struct position *merged)
{
    markup->state = merged->state;
    markup->address = merged->address;
    markup->blank = merged->blank;
    markup->blocks--;
    for (int i = before->attribute_count; is_in_tag(merged->state) && i < markup->attribute_count;
         i++)
        markup->attributes[i].hidden = false;
}
