#include "platform/web/head.h"

#include <string.h>

static enum err refuse(struct call *call, const char *why)
{
    return problem_set(&call->request.problem, ERR_REQUEST, ERR_KEY(why));
}

static bool is_token_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool head_is_token(struct str name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (!is_token_byte((unsigned char)name.text[i]))
            return false;
    }
    return name.length > 0;
}

static bool value_is_clean(struct str value)
{
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

enum repeat { ONCE, LAST };

struct known {
    const char *name;
    size_t offset;
    enum repeat repeat;
};

#define HEAD(field) offsetof(struct call_head, field)
static const struct known knowns[] = {
    {"host", HEAD(host), ONCE},
    {"content-length", HEAD(content_length), ONCE},
    {"content-type", HEAD(content_type), ONCE},
    {"transfer-encoding", HEAD(transfer_encoding), ONCE},
    {"cookie", HEAD(cookie), ONCE},
    {"accept", HEAD(accept), LAST},
    {"accept-language", HEAD(accept_language), LAST},
    {"accept-encoding", HEAD(accept_encoding), LAST},
    {"origin", HEAD(origin), ONCE},
    {"sec-fetch-site", HEAD(fetch_site), ONCE},
    {"authorization", HEAD(authorization), ONCE},
    {"x-forwarded-for", HEAD(forwarded_for), LAST},
    {"x-forwarded-proto", HEAD(forwarded_proto), LAST},
    {"x-forwarded-host", HEAD(forwarded_host), LAST},
    {"if-none-match", HEAD(if_none_match), LAST},
    {"x-form-token", HEAD(form_token), ONCE},
    {"last-event-id", HEAD(last_event_id), LAST},
};

static const struct known *known_find(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(knowns); i++) {
        if (str_equal_ascii_fold(name, str_from_c(knowns[i].name)))
            return &knowns[i];
    }
    return NULL;
}

static enum err header_take(struct call *call, const struct web_header *header, unsigned *seen)
{
    if (!head_is_token(header->name))
        return refuse(call, N_("a header's name is no token"));
    if (!value_is_clean(header->value))
        return refuse(call, N_("a header holds a control character"));
    const struct known *known = known_find(header->name);
    if (known == NULL)
        return ERR_OK;
    unsigned bit = 1U << (known - knowns);
    if (known->repeat == ONCE && (*seen & bit) != 0)
        return refuse(call, N_("a header stands twice"));
    *seen |= bit;
    struct str *into = (struct str *)(void *)((char *)&call->head + known->offset);
    *into = str_trim(header->value);
    return ERR_OK;
}

static bool host_is_plain(struct str host)
{
    for (size_t i = 0; i < host.length; i++) {
        unsigned char c = (unsigned char)host.text[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c != '\0' && strchr(".-_:[]", c) != NULL);
        if (!plain)
            return false;
    }
    return host.length > 0 && host.length <= 255;
}

static enum err length_check(struct call *call)
{
    struct call_head *head = &call->head;
    if (head->transfer_encoding.length > 0) {
        if (head->content_length.length > 0)
            return refuse(call, N_("it has a length and a transfer coding"));
        return problem_set0(&call->request.problem, ERR_REQUEST_LENGTH);
    }
    if (head->content_length.length == 0) {
        if (call->request.method == WEB_POST)
            return problem_set0(&call->request.problem, ERR_REQUEST_LENGTH);
        return ERR_OK;
    }
    for (size_t i = 0; i < head->content_length.length; i++) {
        char c = head->content_length.text[i];
        if (c < '0' || c > '9')
            return refuse(call, N_("its length is no number"));
    }
    if (head->content_length.length > 15 || !str_to_int64(head->content_length, &head->length))
        return problem_set(&call->request.problem, ERR_BODY_TOO_LARGE, ERR_INT(WEB_BODY_BYTES_MAX));
    if (call->request.method == WEB_GET && head->length > 0)
        return refuse(call, N_("a GET has no body"));
    return ERR_OK;
}

/* The last element of a list: the one that the trusted proxy itself has added. */
static struct str list_last(struct str list)
{
    size_t start = list.length;
    while (start > 0 && list.text[start - 1] != ',')
        start--;
    return str_trim(str_slice(list, start, list.length - start));
}

static void forwarded_take(struct call *call)
{
    const struct call_head *head = &call->head;
    struct str client = list_last(head->forwarded_for);
    if (client.length > 0 && client.length < 46)
        call->request.remote = client;
    call->request.is_secure = str_equal_ascii_fold(list_last(head->forwarded_proto), STR("https"));
    struct str host = list_last(head->forwarded_host);
    if (host_is_plain(host))
        call->request.host = host;
}

enum err head_read(struct call *call, const char *trusted_proxy)
{
    unsigned seen = 0;
    for (int i = 0; i < call->header_count; i++)
        TRY(header_take(call, &call->headers[i], &seen));
    if (!host_is_plain(call->head.host))
        return refuse(call, N_("it names no host"));
    call->request.host = call->head.host;
    call->request.remote = str_from_c(call->remote);
    if (trusted_proxy != NULL && strcmp(call->remote, trusted_proxy) == 0)
        forwarded_take(call);
    return length_check(call);
}

enum err head_target(struct call *call, struct str target)
{
    if (target.length > WEB_TARGET_BYTES_MAX)
        return problem_set(&call->request.problem, ERR_REQUEST_TARGET,
                           ERR_INT(WEB_TARGET_BYTES_MAX));
    if (target.length == 0 || target.text[0] != '/')
        return refuse(call, N_("its target is no path"));
    for (size_t i = 0; i < target.length; i++) {
        unsigned char c = (unsigned char)target.text[i];
        if (c <= 0x20 || c >= 0x7F || c == '#' || c == '\\' || c == '\x22' || c == '<' || c == '>')
            return refuse(call, N_("its target holds a character that must be escaped"));
    }
    size_t mark = str_find_byte(target, '?');
    call->request.path = str_slice(target, 0, mark);
    call->request.query = str_slice(target, mark + 1, target.length);
    return ERR_OK;
}
