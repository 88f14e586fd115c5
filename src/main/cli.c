#include "main/cli.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/date.h"
#include "core/nearest.h"

/* ---- language ---- */

enum lang cli_lang(int word_count, const char *const *words)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (int i = 0; i < word_count; i++) {
        if (strcmp(words[i], "--lang") == 0 && i + 1 < word_count)
            return lang_from_code(words[i + 1]);
        if (strncmp(words[i], "--lang=", 7) == 0)
            return lang_from_code(words[i] + 7);
    }
    for (size_t v = 0; v < COUNT_OF(variables); v++) {
        const char *value = getenv(variables[v]);
        if (value != NULL && value[0] != '\0')
            return lang_from_code(value);
    }
    return LANG_EN;
}

/* ---- commands ---- */

/* Words of a command's name that the call begins with; 0 when it does not. */
static int name_words_match(const char *name, int word_count, const char *const *words)
{
    struct str rest = str_from_c(name);
    int matched = 0;
    for (; rest.length > 0; matched++) {
        size_t blank = str_find_byte(rest, ' ');
        if (matched == word_count || !str_equal_c(str_slice(rest, 0, blank), words[matched]))
            return 0;
        rest = str_slice(rest, blank + 1, rest.length);
    }
    return matched;
}

enum err cli_command_find(const struct cli_command *commands, int command_count, int word_count,
                          const char *const *words, const struct cli_command **command,
                          int *name_words, struct problem *problem)
{
    const char *names[CLI_COMMANDS_MAX];
    struct buf asked;
    assert(command_count <= CLI_COMMANDS_MAX);
    for (int c = 0; c < command_count; c++) {
        *command = &commands[c];
        *name_words = name_words_match(commands[c].name, word_count, words);
        if (*name_words > 0)
            return ERR_OK;
        names[c] = commands[c].name;
    }
    buf_init(&asked);
    buf_append_c(&asked, word_count > 0 ? words[0] : "");
    int nearest = name_nearest(buf_str(&asked), names, (size_t)command_count);
    /* "dataset" alone, or "dataset shw": the second word belongs to the name. */
    bool two = word_count > 1 && words[1][0] != '-' &&
               (strcmp(words[0], "dataset") == 0 || strcmp(words[0], "scenario") == 0);
    if (two) {
        buf_format(&asked, " %s", words[1]);
        nearest = name_nearest(buf_str(&asked), names, (size_t)command_count);
    }
    problem_set(problem, ERR_COMMAND_UNKNOWN, ERR_TEXT(buf_str(&asked)), ERR_CTEXT(names[nearest]));
    buf_clear(&asked);
    return problem->code;
}

/* ---- options ---- */

static const struct cli_option common_options[] = {
    {"--lang", CLI_CHOICE, false, "en|zh", 0, 0, "en, zh",
     N_("language of what is printed (else from LC_ALL, LC_MESSAGES or LANG)")},
    {"--help", CLI_FLAG, false, NULL, 0, 0, NULL, N_("show this text")},
};

static const struct cli_option *option_find(const struct cli_command *command, struct str name,
                                            int *index)
{
    for (*index = 0; *index < command->option_count; ++*index) {
        if (str_equal_c(name, command->options[*index].name))
            return &command->options[*index];
    }
    *index = -1;
    for (size_t c = 0; c < COUNT_OF(common_options); c++) {
        if (str_equal_c(name, common_options[c].name))
            return &common_options[c];
    }
    return NULL;
}

static enum err option_unknown(const struct cli_command *command, struct str name,
                               struct problem *problem)
{
    const char *names[CLI_OPTIONS_MAX + COUNT_OF(common_options)];
    size_t count = 0;
    for (int o = 0; o < command->option_count; o++)
        names[count++] = command->options[o].name;
    for (size_t c = 0; c < COUNT_OF(common_options); c++)
        names[count++] = common_options[c].name;
    return problem_set(problem, ERR_OPTION_UNKNOWN, ERR_TEXT(name),
                       ERR_CTEXT(names[name_nearest(name, names, count)]),
                       ERR_CTEXT(command->name));
}

static enum err bad_value(const struct cli_option *option, const char *text, const char *expected,
                          struct problem *problem)
{
    return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT(option->name), ERR_CTEXT(text),
                       ERR_KEY(expected));
}

static enum err choice_parse(const struct cli_option *option, const char *text, int64_t *number,
                             struct problem *problem)
{
    struct str rest = str_from_c(option->choices);
    for (*number = 0; rest.length > 0; ++*number) {
        size_t comma = str_find_byte(rest, ',');
        if (str_equal_c(str_trim(str_slice(rest, 0, comma)), text))
            return ERR_OK;
        rest = str_slice(rest, comma + 1, rest.length);
    }
    return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT(option->name), ERR_CTEXT(text),
                       ERR_CTEXT(option->choices));
}

static enum err int_parse(const struct cli_option *option, const char *text, int64_t *number,
                          struct problem *problem)
{
    if (!str_to_int64(str_from_c(text), number))
        return bad_value(option, text, N_("a whole number is expected"), problem);
    if (*number >= option->least && *number <= option->most)
        return ERR_OK;
    struct buf range;
    buf_init(&range);
    buf_append_int64(&range, option->least);
    buf_append_c(&range, " ... ");
    buf_append_int64(&range, option->most);
    problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT(option->name), ERR_CTEXT(text),
                ERR_TEXT(buf_str(&range)));
    buf_clear(&range);
    return problem->code;
}

bool cli_firm_read(const char *text, int64_t *firm)
{
    struct str digits = str_from_c(text);
    if (str_starts_with(digits, STR("F")) || str_starts_with(digits, STR("f")))
        digits = str_slice(digits, 1, digits.length);
    if (!str_to_int64(digits, firm) || *firm < 1 || *firm > 1000)
        return false;
    --*firm;
    return true;
}

static enum err value_parse(const struct cli_option *option, const char *text,
                            struct cli_value *value, struct problem *problem)
{
    struct str slice = str_from_c(text);
    int32_t date;
    double real;
    value->text = text;
    switch (option->kind) {
    case CLI_TEXT:
        if (slice.length == 0)
            return bad_value(option, text, N_("it is empty"), problem);
        return ERR_OK;
    case CLI_INT:
        return int_parse(option, text, &value->number, problem);
    case CLI_DATE:
        if (!date_parse(slice, &date))
            return bad_value(option, text, N_("write a date as 2026-03-31"), problem);
        value->number = date;
        return ERR_OK;
    case CLI_DAY:
        value->is_date = date_parse(slice, &date);
        if (value->is_date)
            value->number = date;
        else if (!str_to_int64(slice, &value->number) || value->number < 0 ||
                 value->number > INT32_MAX)
            return bad_value(option, text, N_("write a day as 0, 1, 2 ... or a date as 2026-03-31"),
                             problem);
        return ERR_OK;
    case CLI_FIRM:
        if (!cli_firm_read(text, &value->number))
            return bad_value(option, text, N_("write a firm as F1, F2 ..."), problem);
        return ERR_OK;
    case CLI_MONEY:
        if (!str_to_double(slice, &real))
            return bad_value(option, text, N_("write an amount as 12.50"), problem);
        return ERR_OK;
    case CLI_CHOICE:
        return choice_parse(option, text, &value->number, problem);
    case CLI_FLAG:
        return ERR_OK;
    }
    return ERR_INTERNAL;
}

/* One option at words[*at]; moves *at to its last word. */
static enum err option_take(const struct cli_command *command, int word_count,
                            const char *const *words, int *at, struct cli_call *call,
                            struct problem *problem)
{
    struct str word = str_from_c(words[*at]);
    size_t equals = str_find_byte(word, '=');
    struct str name = str_slice(word, 0, equals);
    struct cli_value common = {0};
    int index;
    const struct cli_option *option = option_find(command, name, &index);
    if (option == NULL)
        return option_unknown(command, name, problem);
    struct cli_value *value = index < 0 ? &common : &call->values[index];
    if (value->given)
        return problem_set(problem, ERR_FIELD_TWICE, ERR_TEXT(name));
    value->given = true;
    if (option->kind == CLI_FLAG) {
        call->help = call->help || strcmp(option->name, "--help") == 0;
        return equals == word.length ? ERR_OK
                                     : bad_value(option, words[*at] + equals + 1,
                                                 N_("this option takes no value"), problem);
    }
    const char *text = NULL;
    if (equals < word.length)
        text = words[*at] + equals + 1;
    else if (*at + 1 < word_count)
        text = words[++*at];
    else
        return problem_set(problem, ERR_OPTION_MISSING, ERR_TEXT(name), ERR_CTEXT(command->name));
    return value_parse(option, text, value, problem);
}

static enum err completeness_check(const struct cli_command *command, const struct cli_call *call,
                                   struct problem *problem)
{
    if (call->argument_count < command->arguments_least)
        return problem_set(problem, ERR_OPTION_MISSING, ERR_KEY(command->arguments),
                           ERR_CTEXT(command->name));
    for (int o = 0; o < command->option_count; o++) {
        if (command->options[o].required && !call->values[o].given)
            return problem_set(problem, ERR_OPTION_MISSING, ERR_CTEXT(command->options[o].name),
                               ERR_CTEXT(command->name));
    }
    return ERR_OK;
}

enum err cli_parse(const struct cli_command *command, int word_count, const char *const *words,
                   struct cli_call *call, struct problem *problem)
{
    bool options_over = false;
    assert(command->option_count <= CLI_OPTIONS_MAX);
    call->command = command;
    for (int i = 0; i < word_count; i++) {
        if (!options_over && strcmp(words[i], "--") == 0) {
            options_over = true;
        } else if (!options_over && words[i][0] == '-' && words[i][1] != '\0') {
            TRY(option_take(command, word_count, words, &i, call, problem));
        } else if (call->argument_count < command->arguments_most) {
            call->arguments[call->argument_count++] = words[i];
        } else {
            return problem_set(problem, ERR_USAGE, ERR_CTEXT(words[i]), ERR_CTEXT(command->name));
        }
    }
    return call->help ? ERR_OK : completeness_check(command, call, problem);
}

const struct cli_value *cli_value(const struct cli_call *call, const char *name)
{
    for (int o = 0; o < call->command->option_count; o++) {
        if (strcmp(call->command->options[o].name, name) == 0)
            return &call->values[o];
    }
    assert(!"an option of the command's table");
    return NULL;
}

const char *cli_text(const struct cli_call *call, const char *name)
{
    return cli_value(call, name)->given ? cli_value(call, name)->text : NULL;
}

int64_t cli_number(const struct cli_call *call, const char *name, int64_t otherwise)
{
    return cli_value(call, name)->given ? cli_value(call, name)->number : otherwise;
}

int cli_exit_code(enum err code)
{
    switch (code) {
    case ERR_OK:
        return 0;
    case ERR_USAGE:
    case ERR_OPTION_MISSING:
    case ERR_OPTION_VALUE:
    case ERR_OPTION_UNKNOWN:
    case ERR_COMMAND_UNKNOWN:
        return CLI_EXIT_USAGE;
    default:
        return CLI_EXIT_FAILED;
    }
}

/* ---- help ---- */

static void column_put(struct buf *text, struct str word, size_t width)
{
    buf_append_c(text, "  ");
    buf_append(text, word);
    for (size_t columns = text_columns(word); columns < width; columns++)
        buf_append_byte(text, ' ');
    buf_append_c(text, "  ");
}

void cli_help_all(struct buf *text, enum lang lang, const struct cli_command *commands,
                  int command_count)
{
    text_put0(text, lang,
              N_("Sampan: an enterprise's orders become a simulated cross-border market."));
    buf_append_c(text, "\n\n");
    text_put0(text, lang, N_("Usage: sampan COMMAND ..."));
    buf_append_c(text, "\n\n");
    for (int c = 0; c < command_count; c++) {
        column_put(text, str_from_c(commands[c].name), 14);
        text_put0(text, lang, commands[c].summary);
        buf_append_byte(text, '\n');
    }
    buf_append_byte(text, '\n');
    text_put0(
        text, lang,
        N_("'sampan help COMMAND' tells more. Exit codes: 0 done, 1 failed, 2 not understood."));
    buf_append_byte(text, '\n');
}

static void option_help(struct buf *text, enum lang lang, const struct cli_option *option)
{
    struct buf left;
    buf_init(&left);
    buf_append_c(&left, option->name);
    if (option->shown != NULL) {
        buf_append_byte(&left, ' ');
        text_put0(&left, lang, option->shown);
    }
    column_put(text, buf_str(&left), 24);
    text_put0(text, lang, option->help);
    if (option->required)
        text_put0(text, lang, N_(" (required)"));
    buf_append_byte(text, '\n');
    buf_clear(&left);
}

void cli_help_one(struct buf *text, enum lang lang, const struct cli_command *command)
{
    struct buf usage;
    buf_init(&usage);
    buf_append_c(&usage, command->name);
    if (command->arguments[0] != '\0') {
        buf_append_byte(&usage, ' ');
        text_put0(&usage, lang, command->arguments);
    }
    for (int o = 0; o < command->option_count; o++) {
        const struct cli_option *option = &command->options[o];
        buf_append_c(&usage, option->required ? " " : " [");
        buf_append_c(&usage, option->name);
        if (option->shown != NULL) {
            buf_append_byte(&usage, ' ');
            text_put0(&usage, lang, option->shown);
        }
        buf_append_c(&usage, option->required ? "" : "]");
    }
    text_put(text, lang, N_("Usage: sampan {0}"), ERR_TEXT(buf_str(&usage)));
    buf_clear(&usage);
    buf_append_c(text, "\n\n");
    text_put0(text, lang, command->summary);
    buf_append_byte(text, '\n');
    if (command->details != NULL) {
        text_put0(text, lang, command->details);
        buf_append_byte(text, '\n');
    }
    buf_append_byte(text, '\n');
    for (int o = 0; o < command->option_count; o++)
        option_help(text, lang, &command->options[o]);
    for (size_t c = 0; c < COUNT_OF(common_options); c++)
        option_help(text, lang, &common_options[c]);
}
