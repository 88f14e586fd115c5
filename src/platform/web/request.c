/* What a handler asks of its request. */
#include <string.h>

#include "platform/web/call.h"
#include "platform/web/percent.h"

enum err request_id_parameter(struct request *request, int index, int64_t *id)
{
    const struct str text = request->parameters[index];
    bool digits = text.length > 0 && text.length <= 19;
    for (size_t i = 0; i < text.length; i++)
        digits = digits && text.text[i] >= '0' && text.text[i] <= '9';
    if (!digits || !str_to_int64(text, id) || *id <= 0)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    return ERR_OK;
}

struct str request_query(struct request *request, const char *name)
{
    struct str rest = request->query;
    struct str key;
    struct str value;
    while (rest.length > 0) {
        size_t end = str_find_byte(rest, '&');
        struct str pair = str_slice(rest, 0, end);
        rest = str_slice(rest, end + 1, rest.length);
        size_t equals = str_find_byte(pair, '=');
        if (!percent_decode(&request->arena, str_slice(pair, 0, equals), true, &key) ||
            !str_equal_c(key, name))
            continue;
        if (percent_decode(&request->arena, str_slice(pair, equals + 1, pair.length), true, &value))
            return value;
        break;
    }
    return STR("");
}

enum err request_query_int(struct request *request, const char *name, int64_t least, int64_t most,
                           int64_t otherwise, int64_t *value)
{
    struct str text = request_query(request, name);
    *value = otherwise;
    if (text.length == 0)
        return ERR_OK;
    if (!str_to_int64(text, value)) {
        problem_set(&request->problem, ERR_INTEGER, ERR_TEXT(text));
        return problem_place(&request->problem, "%s", name);
    }
    if (*value < least || *value > most) {
        problem_set(&request->problem, ERR_RANGE, ERR_INT(*value), ERR_INT(least), ERR_INT(most));
        return problem_place(&request->problem, "%s", name);
    }
    return ERR_OK;
}

enum err request_field_problem(struct request *request, const char *field, enum err code,
                               const struct err_arg *arguments, size_t count)
{
    struct problem problem;
    problem_fill(&problem, code, arguments, count);
    form_state_add(&call_of(request)->form_state, field, &problem);
    return problem_set0(&request->problem, ERR_FORM);
}
