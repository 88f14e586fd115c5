#include "platform/outbox/config.h"

#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "platform/outbox/parts.h"

enum { CONFIG_BYTES_MAX = 64 << 10 };

static const char *const root_fields[] = {"mail", "robots", NULL};
static const char *const mail_fields[] = {"host",      "port",          "security",     "user",
                                          "password",  "password_file", "password_env", "from",
                                          "from_name", "reply_to",      "ca_file",      NULL};
static const char *const robot_fields[] = {"wecom_hosts", "dingtalk_hosts", "feishu_hosts",
                                           "allow_loopback", NULL};

struct reading {
    struct arena *arena;
    const char *(*environment)(const char *name);
    struct problem *problem;
};

static enum err refuse(struct reading *reading, const struct json *at, const char *field,
                       const char *why)
{
    problem_set(reading->problem, ERR_CONFIG, ERR_KEY(why));
    return json_place(reading->problem, at, field);
}

/* A text that may be missing: then it is empty. */
static enum err optional_text(struct reading *reading, const struct json *at, const char *field,
                              struct str *value)
{
    struct json child = json_child(at, field);
    *value = STR("");
    if (child.node == NULL)
        return ERR_OK;
    TRY(json_get_text(at, field, CONFIG_PASSWORD_MAX, value, reading->problem));
    for (size_t i = 0; i < value->length; i++) {
        if ((unsigned char)value->text[i] < ' ')
            return refuse(reading, at, field, N_("a line break or the like is in it"));
    }
    *value = str_copy(reading->arena, *value);
    return ERR_OK;
}

static enum err password_of_file(struct reading *reading, const struct json *at, struct str name,
                                 struct mail_config *mail)
{
    struct str content;
    enum err code =
        file_read(reading->arena, name.text, CONFIG_PASSWORD_MAX, &content, reading->problem);
    if (code != ERR_OK) {
        json_place(reading->problem, at, "password_file");
        return code;
    }
    mail->password = str_trim(content);
    return ERR_OK;
}

/* In one of three places. */
static enum err password_read(struct reading *reading, const struct json *at,
                              struct mail_config *mail)
{
    struct str file;
    struct str variable;
    TRY(optional_text(reading, at, "password", &mail->password));
    TRY(optional_text(reading, at, "password_file", &file));
    TRY(optional_text(reading, at, "password_env", &variable));
    int places = (mail->password.length > 0) + (file.length > 0) + (variable.length > 0);
    if (places > 1)
        return refuse(reading, at, "password", N_("the password stands in more than one place"));
    if (file.length > 0)
        TRY(password_of_file(reading, at, file, mail));
    if (variable.length > 0) {
        const char *value = reading->environment(variable.text);
        if (value == NULL)
            return refuse(reading, at, "password_env",
                          N_("the environment has no variable of this name"));
        mail->password = str_copy(reading->arena, str_from_c(value));
    }
    if (mail->user.length > 0 && mail->password.length == 0)
        return refuse(reading, at, "user", N_("a user needs a password"));
    return ERR_OK;
}

static enum err address_read(struct reading *reading, const struct json *at, const char *field,
                             bool required, struct str *value)
{
    TRY(optional_text(reading, at, field, value));
    if (value->length == 0 && !required)
        return ERR_OK;
    if (!mail_address_is_valid(*value)) {
        problem_set(reading->problem, ERR_MAIL_ADDRESS, ERR_TEXT(*value));
        return json_place(reading->problem, at, field);
    }
    return ERR_OK;
}

/* Letters, digits, dots, dashes: a name or an IPv4 address, or an IPv6 address in brackets. */
static bool is_host(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '.' || c == '-' ||
                    (text.text[0] == '[' && (c == ':' || c == '[' || c == ']'));
        if (!fine)
            return false;
    }
    return text.length > 0 && text.length <= CONFIG_TEXT_MAX;
}

static bool is_loopback(struct str host)
{
    return str_equal_c(host, "localhost") || str_equal_c(host, "127.0.0.1") ||
           str_equal_c(host, "[::1]");
}

static enum err security_read(struct reading *reading, const struct json *at,
                              struct mail_config *mail)
{
    static const char *const words[] = {"starttls", "tls", "none"};
    struct str word;
    TRY(optional_text(reading, at, "security", &word));
    mail->security = MAIL_STARTTLS;
    for (size_t i = 0; word.length > 0; i++) {
        if (i == COUNT_OF(words)) {
            problem_set(reading->problem, ERR_CHOICE, ERR_TEXT(word),
                        ERR_CTEXT("starttls, tls, none"));
            return json_place(reading->problem, at, "security");
        }
        if (str_equal_c(word, words[i])) {
            mail->security = (enum mail_security)i;
            break;
        }
    }
    return ERR_OK;
}

static enum err mail_read(struct reading *reading, const struct json *at, struct mail_config *mail)
{
    int64_t port;
    TRY(json_require_object(at, reading->problem));
    TRY(json_require_known(at, mail_fields, reading->problem));
    TRY(json_get_text(at, "host", CONFIG_TEXT_MAX, &mail->host, reading->problem));
    mail->host = str_copy(reading->arena, mail->host);
    if (!is_host(mail->host))
        return refuse(reading, at, "host", N_("this is not the name of a host"));
    TRY(security_read(reading, at, mail));
    port = mail->security == MAIL_TLS ? 465 : mail->security == MAIL_STARTTLS ? 587 : 25;
    if (json_child(at, "port").node != NULL)
        TRY(json_get_int(at, "port", 1, 65535, &port, reading->problem));
    mail->port = (int)port;
    TRY(optional_text(reading, at, "user", &mail->user));
    TRY(password_read(reading, at, mail));
    if (mail->user.length > 0 && mail->security == MAIL_PLAIN && !is_loopback(mail->host))
        return refuse(reading, at, "security",
                      N_("a password must not go through the network in the clear"));
    TRY(address_read(reading, at, "from", true, &mail->from));
    TRY(optional_text(reading, at, "from_name", &mail->from_name));
    TRY(address_read(reading, at, "reply_to", false, &mail->reply_to));
    TRY(optional_text(reading, at, "ca_file", &mail->ca_file));
    mail->given = true;
    return ERR_OK;
}

static enum err hosts_read(struct reading *reading, const struct json *at, const char *field,
                           struct robot_hosts *hosts)
{
    struct json list = json_child(at, field);
    if (list.node == NULL)
        return ERR_OK;
    TRY(json_require_list(&list, CONFIG_HOSTS_MAX, reading->problem));
    for (size_t i = 0; i < json_count(&list); i++) {
        struct json item = json_item(&list, i);
        struct str host;
        if (!json_text(&item, &host) || !is_host(host))
            return refuse(reading, &item, NULL, N_("this is not the name of a host"));
        hosts->hosts[hosts->count++] = str_copy(reading->arena, host);
    }
    return ERR_OK;
}

static enum err robots_read(struct reading *reading, const struct json *at,
                            struct outbox_config *config)
{
    TRY(json_require_object(at, reading->problem));
    TRY(json_require_known(at, robot_fields, reading->problem));
    TRY(hosts_read(reading, at, "wecom_hosts", &config->wecom));
    TRY(hosts_read(reading, at, "dingtalk_hosts", &config->dingtalk));
    TRY(hosts_read(reading, at, "feishu_hosts", &config->feishu));
    if (json_child(at, "allow_loopback").node == NULL)
        return ERR_OK;
    return json_get_bool(at, "allow_loopback", &config->allow_loopback, reading->problem);
}

static enum err root_read(struct reading *reading, const struct json *root,
                          struct outbox_config *config)
{
    struct json mail = json_child(root, "mail");
    struct json robots = json_child(root, "robots");
    TRY(json_require_object(root, reading->problem));
    TRY(json_require_known(root, root_fields, reading->problem));
    if (mail.node != NULL)
        TRY(mail_read(reading, &mail, &config->mail));
    if (robots.node != NULL)
        TRY(robots_read(reading, &robots, config));
    return ERR_OK;
}

enum err outbox_config_read(struct arena *arena, const char *file,
                            const char *(*environment)(const char *name),
                            struct outbox_config *config, struct problem *problem)
{
    struct reading reading = {arena, environment, problem};
    struct json_document *document;
    struct json root;
    struct str text;
    *config = (struct outbox_config){0};
    if (!file_exists(file))
        return ERR_OK;
    TRY(file_read(arena, file, CONFIG_BYTES_MAX, &text, problem));
    TRY(json_parse(text, file, &document, &root, problem));
    enum err code = root_read(&reading, &root, config);
    if (code != ERR_OK)
        problem_place_prefix(problem, "%s", file);
    json_close(document);
    return code;
}
