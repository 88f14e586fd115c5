/* A problem kept in a row and brought back, so that its text is made in the reader's language. */
#include "core/json.h"
#include "platform/jobs/parts.h"

/* [{"kind": 1, "number": 5, "decimals": 0, "text": ""}, ...] */
void job_error_fill(struct arena *arena, const struct problem *problem, struct job_error *error)
{
    struct buf text;
    struct json_writer json;
    buf_init(&text);
    json_writer_init(&json, &text, false);
    json_list_begin(&json);
    for (int i = 0; i < problem->arg_count; i++) {
        const struct problem_arg *arg = &problem->args[i];
        json_object_begin(&json);
        json_key(&json, "kind");
        json_put_int(&json, arg->kind);
        json_key(&json, "decimals");
        json_put_int(&json, arg->decimals);
        json_key(&json, "number");
        json_put_int(&json, arg->number);
        json_key(&json, "text");
        json_put_text(&json, str_from_c(arg->kind == ERR_ARG_KEY ? arg->key : arg->text));
        json_object_end(&json);
    }
    json_list_end(&json);
    error->code = str_from_c(err_name(problem->code));
    error->place = str_copy(arena, str_from_c(problem->place));
    error->arguments = str_copy(arena, buf_str(&text));
    buf_clear(&text);
}

static enum err argument_read(struct arena *arena, const struct json *at, struct err_arg *argument,
                              struct problem *problem)
{
    int64_t kind = 0;
    int64_t decimals = 0;
    TRY(json_require_object(at, problem));
    TRY(json_get_int(at, "kind", ERR_ARG_TEXT, ERR_ARG_KEY, &kind, problem));
    TRY(json_get_int(at, "decimals", 0, 18, &decimals, problem));
    TRY(json_get_int(at, "number", INT64_MIN, INT64_MAX, &argument->number, problem));
    TRY(json_get_text(at, "text", JOB_ARGUMENTS_BYTES_MAX, &argument->text, problem));
    argument->kind = (enum err_arg_kind)kind;
    argument->decimals = (int)decimals;
    argument->text = str_copy(arena, argument->text); /* a key must last as long as the problem */
    return ERR_OK;
}

static size_t arguments_read(struct arena *arena, struct str text,
                             struct err_arg arguments[PROBLEM_ARGS_MAX])
{
    struct json_document *document;
    struct json root;
    struct problem ignored;
    size_t count = 0;
    if (json_parse(text, "error", &document, &root, &ignored) != ERR_OK)
        return 0;
    while (count < PROBLEM_ARGS_MAX && count < json_count(&root)) {
        struct json item = json_item(&root, count);
        if (argument_read(arena, &item, &arguments[count], &ignored) != ERR_OK)
            break;
        count++;
    }
    json_close(document);
    return count;
}

void job_problem(struct arena *arena, struct str code, struct str place, struct str arguments,
                 struct problem *problem)
{
    struct err_arg args[PROBLEM_ARGS_MAX];
    enum err found = ERR_OK;
    if (code.length == 0) {
        problem_set0(problem, ERR_OK);
    } else if (err_from_name(code, &found)) {
        problem_fill(problem, found, args, arguments_read(arena, arguments, args));
        problem_place(problem, "%.*s", (int)place.length, place.text);
    } else {
        /* A name that this release has no more: the worst one, with the name as its argument. */
        problem_set(problem, ERR_INTERNAL, ERR_TEXT(code));
    }
}
