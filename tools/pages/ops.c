/* pages/ops: the operations a page is made of, literals joined. */
#include <string.h>

#include "parts.h"

struct op *ops_add(struct arena *arena, struct ops *ops, enum op_kind kind, int line)
{
    if (ops->count == ops->room) {
        size_t room = ops->room == 0 ? 32 : ops->room * 2;
        struct op *list = ARENA_ARRAY(arena, struct op, room);
        if (ops->count > 0)
            memcpy(list, ops->list, ops->count * sizeof(*list));
        ops->list = list;
        ops->room = room;
    }
    struct op *op = &ops->list[ops->count++];
    *op = (struct op){.kind = kind, .line = line};
    return op;
}

void writer_byte(struct writer *writer, char byte)
{
    buf_append_byte(&writer->pending, byte);
}

void writer_c(struct writer *writer, const char *text)
{
    buf_append_c(&writer->pending, text);
}

void writer_flush(struct writer *writer)
{
    if (writer->pending.length == 0)
        return;
    struct op *op = ops_add(writer->arena, writer->ops, OP_LITERAL, writer->line);
    op->text = str_copy(writer->arena, buf_str(&writer->pending));
    buf_reset(&writer->pending);
}

void writer_trim(struct writer *writer)
{
    while (writer->pending.length > 0 &&
           strchr(" \n", writer->pending.text[writer->pending.length - 1]) != NULL)
        writer->pending.length--;
}

struct op *writer_op(struct writer *writer, enum op_kind kind, int line)
{
    writer_flush(writer);
    writer->line = line;
    return ops_add(writer->arena, writer->ops, kind, line);
}
