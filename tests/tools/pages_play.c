#include "pages_play.h"

enum { FRAMES_MAX = 128, TURNS_MAX = 3 };

struct frame {
    bool active; /* what stands here is written */
    bool around; /* the block around is */
    bool taken;  /* a branch of this {{if}} was */
    size_t begin;
    int turns; /* left of this {{for}} */
};

static unsigned choose(struct choices *choices, unsigned count)
{
    if (choices->count == 0)
        return 0;
    return choices->bytes[choices->next++ % choices->count] % count;
}

static void write_value(struct page *page, const struct op *op, struct str value)
{
    const struct err_arg argument = HTML_ARGUMENT(value);
    switch (op->kind) {
    case OP_LITERAL:
        html_literal(page, op->text.text, op->text.length);
        break;
    case OP_PUT:
        HTML_PUT(page, value);
        break;
    case OP_ATTRIBUTE:
        HTML_ATTRIBUTE(page, value);
        break;
    case OP_SEGMENT:
        HTML_SEGMENT(page, value);
        break;
    case OP_ADDRESS:
        HTML_ADDRESS(page, value);
        break;
    case OP_LINK:
        html_address_link(page, (struct link){STR("/link?a=1&b=2")});
        break;
    case OP_JSON:
        html_json(page, (struct json_text){value});
        break;
    case OP_TEXT:
        html_text(page, "{0} <text> & \"{0}\"", &argument, 1);
        break;
    case OP_PREFIX:
        html_prefix(page);
        break;
    case OP_STATIC:
        html_static(page, "/static/sampan.css");
        break;
    case OP_TOKEN:
        html_form_token(page);
        break;
    default: /* blocks; other pages stand apart */
        break;
    }
}

void pages_play(struct page *page, const struct template_page *template, struct str value,
                struct choices *choices)
{
    struct frame frames[FRAMES_MAX];
    int depth = 0;
    frames[0] = (struct frame){.active = true};
    for (size_t i = 0; i < template->ops.count; i++) {
        const struct op *op = &template->ops.list[i];
        struct frame *inner = &frames[depth];
        bool yes = false;
        switch (op->kind) {
        case OP_IF:
        case OP_FOR:
            if (depth + 1 == FRAMES_MAX)
                return;
            frames[++depth] = (struct frame){.around = inner->active, .begin = i};
            if (op->kind == OP_FOR)
                frames[depth].turns = (int)choose(choices, TURNS_MAX + 1);
            yes = op->kind == OP_FOR ? frames[depth].turns > 0 : choose(choices, 2) == 1;
            frames[depth].taken = yes;
            frames[depth].active = inner->active && yes;
            break;
        case OP_ELIF:
        case OP_ELSE:
            yes = !inner->taken && (op->kind == OP_ELSE || choose(choices, 2) == 1);
            inner->active = inner->around && yes;
            inner->taken = inner->taken || yes;
            break;
        case OP_END_FOR:
            if (inner->active && --inner->turns > 0)
                i = inner->begin;
            else
                depth--;
            break;
        case OP_END_IF:
            depth--;
            break;
        default:
            if (inner->active)
                write_value(page, op, value);
        }
    }
}
