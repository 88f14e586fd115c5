#include "platform/web/components.h"

#include "core/arena.h"
#include "core/date.h"
#include "core/json.h"
#include "platform/web/web.h"

void shell_fill(struct shell *shell, struct request *request)
{
    static const char *const themes[] = {"auto", "light", "dark"};
    shell->theme = themes[request->theme];
    shell->viewer_name = request->viewer.name;
    shell->here = request->path;
    if (request->query.length > 0)
        shell->here =
            str_format(&request->arena, "%.*s?%.*s", (int)request->path.length, request->path.text,
                       (int)request->query.length, request->query.text);
}

struct field field_of(const struct form *form, const struct form_state *state, const char *name,
                      struct str value)
{
    struct field field = {
        .kind = FORM_TEXT, .name = name, .id = name, .label = name, .value = value};
    for (size_t i = 0; i < form->count; i++) {
        const struct form_field *declared = &form->fields[i];
        if (!str_equal_c(str_from_c(name), declared->name))
            continue;
        field.kind = declared->kind;
        field.label = declared->label;
        field.required = declared->required;
        field.short_input = declared->kind == FORM_INT || declared->kind == FORM_DAY;
        if (state != NULL && state->form == form) {
            field.value = state->typed[i];
            field.problem = state->problems[i].code == ERR_OK ? NULL : &state->problems[i];
            int32_t day;
            field.day_as_typed = field.value.length > 0 && !date_parse(field.value, &day);
        }
    }
    return field;
}

void field_choose(const struct field *field, struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        options[i].chosen = str_equal(options[i].value, field->value);
}

static void put_values(struct json_writer *json, const struct chart *chart,
                       const struct chart_series *series)
{
    struct buf number;
    buf_init(&number);
    json_list_begin(json);
    for (size_t i = 0; i < chart->category_count; i++) {
        buf_reset(&number);
        if (series->values[i] == SCALED_NONE) {
            json_put_null(json);
            continue;
        }
        int64_append_scaled(&number, series->values[i], chart->decimals);
        json_put_text(json, buf_str(&number));
    }
    json_list_end(json);
    buf_clear(&number);
}

void chart_fill(struct chart *chart, struct arena *arena, enum lang lang)
{
    static const char *const kinds[] = {"line", "bar", "stacked", "scatter"};
    static const char *const formats[] = {"number", "money", "percent"};
    struct json_writer json;
    struct buf text;
    buf_init(&text);
    json_writer_init(&json, &text, false);
    json_object_begin(&json);
    json_key(&json, "kind");
    json_put_text(&json, str_from_c(kinds[chart->kind]));
    json_key(&json, "format");
    json_put_text(&json, str_from_c(formats[chart->format]));
    json_key(&json, "x");
    json_put_text(&json, str_from_c(text_get(lang, chart->category_label)));
    json_key(&json, "categories");
    json_list_begin(&json);
    for (size_t i = 0; i < chart->category_count; i++)
        json_put_text(&json, chart->categories[i]);
    json_list_end(&json);
    json_key(&json, "series");
    json_list_begin(&json);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        json_object_begin(&json);
        json_key(&json, "name");
        json_put_text(&json, series->label == NULL ? series->name
                                                   : str_from_c(text_get(lang, series->label)));
        json_key(&json, "values");
        put_values(&json, chart, series);
        json_object_end(&json);
    }
    json_list_end(&json);
    json_object_end(&json);
    chart->data.text = str_copy(arena, buf_str(&text));
    buf_clear(&text);
}
