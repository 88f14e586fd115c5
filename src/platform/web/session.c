#include "platform/web/session.h"

#include <sodium.h>
#include <string.h>

enum { TOKEN_TEXT_LENGTH = 43, MASKED_TEXT_LENGTH = 86, COOKIE_BYTES_MAX = 4096 };

static const char session_cookie[] = "sampan_session";
static const char visit_cookie[] = "sampan_visit";

static const int base64_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

enum { RANDOM_KEPT = 4096 };

/* Random bytes, asked of the system a page at a time: a call for each answer would cost as much as
 * the answer. What was handed out is wiped. */
static void random_take(unsigned char *bytes, size_t count)
{
    static _Thread_local unsigned char kept[RANDOM_KEPT];
    static _Thread_local size_t left;
    if (left < count) {
        randombytes_buf(kept, sizeof(kept));
        left = sizeof(kept);
    }
    left -= count;
    memcpy(bytes, kept + left, count);
    sodium_memzero(kept + left, count);
}

static bool token_is_shaped(struct str token)
{
    unsigned char bytes[WEB_TOKEN_BYTES];
    size_t length = 0;
    return token.length == TOKEN_TEXT_LENGTH &&
           sodium_base642bin(bytes, sizeof(bytes), token.text, token.length, NULL, &length, NULL,
                             base64_variant) == 0 &&
           length == sizeof(bytes);
}

static void token_make(char text[TOKEN_TEXT_LENGTH + 1])
{
    unsigned char bytes[WEB_TOKEN_BYTES];
    random_take(bytes, sizeof(bytes));
    sodium_bin2base64(text, TOKEN_TEXT_LENGTH + 1, bytes, sizeof(bytes), base64_variant);
    sodium_memzero(bytes, sizeof(bytes));
}

static void token_hash(struct str token, const char *purpose, unsigned char hash[WEB_TOKEN_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, WEB_TOKEN_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose));
    crypto_generichash_update(&state, (const unsigned char *)token.text, token.length);
    crypto_generichash_final(&state, hash, WEB_TOKEN_BYTES);
}

static const char session_purpose[] = "sampan session token\n";
static const char form_purpose[] = "sampan form token\n";

void session_cookies_read(struct call *call, struct str *language, struct str *theme)
{
    struct str rest = call->head.cookie;
    *language = STR("");
    *theme = STR("");
    if (rest.length > COOKIE_BYTES_MAX)
        return;
    while (rest.length > 0) {
        size_t end = str_find_byte(rest, ';');
        struct str pair = str_trim(str_slice(rest, 0, end));
        rest = str_slice(rest, end + 1, rest.length);
        size_t equals = str_find_byte(pair, '=');
        struct str name = str_slice(pair, 0, equals);
        struct str value = str_slice(pair, equals + 1, pair.length);
        if (equals == pair.length)
            continue;
        if (str_equal_c(name, session_cookie))
            call->head.session_token = value;
        else if (str_equal_c(name, visit_cookie))
            call->head.visit_token = value;
        else if (str_equal_c(name, "sampan_language"))
            *language = value;
        else if (str_equal_c(name, "sampan_theme"))
            *theme = value;
    }
    if (!token_is_shaped(call->head.session_token))
        call->head.session_token = STR("");
    call->has_visit_token = token_is_shaped(call->head.visit_token);
}

bool session_token_hash(struct call *call, bool *is_api_token)
{
    static const struct str bearer = {"Bearer ", 7};
    struct str token = call->head.authorization;
    *is_api_token = token.length > 0;
    if (*is_api_token) {
        if (token.length < bearer.length ||
            !str_equal_ascii_fold(str_slice(token, 0, bearer.length), bearer))
            return false;
        token = str_trim(str_slice(token, bearer.length, token.length));
        if (!token_is_shaped(token))
            return false;
    } else {
        token = call->head.session_token;
    }
    if (token.length == 0)
        return false;
    token_hash(token, session_purpose, call->session_hash);
    return true;
}

/* What the form token is bound to; empty when there is nothing yet. */
static struct str bound_to(const struct call *call)
{
    if (call->request.viewer.person != 0)
        return call->head.session_token;
    if (call->has_visit_token)
        return call->head.visit_token;
    return str_from_c(call->visit_token);
}

struct str session_form_token(struct call *call)
{
    unsigned char bytes[2 * WEB_TOKEN_BYTES];
    unsigned char token[WEB_TOKEN_BYTES];
    if (bound_to(call).length == 0)
        token_make(call->visit_token);
    token_hash(bound_to(call), form_purpose, token);
    random_take(bytes, WEB_TOKEN_BYTES);
    for (int i = 0; i < WEB_TOKEN_BYTES; i++)
        bytes[WEB_TOKEN_BYTES + i] = bytes[i] ^ token[i];
    char *text = arena_alloc(&call->request.arena, MASKED_TEXT_LENGTH + 1, 1);
    sodium_bin2base64(text, MASKED_TEXT_LENGTH + 1, bytes, sizeof(bytes), base64_variant);
    return (struct str){text, MASKED_TEXT_LENGTH};
}

static bool form_token_fits(const struct call *call, struct str masked)
{
    unsigned char bytes[2 * WEB_TOKEN_BYTES];
    unsigned char token[WEB_TOKEN_BYTES];
    size_t length = 0;
    struct str bound = bound_to(call);
    if (bound.length == 0 || masked.length != MASKED_TEXT_LENGTH ||
        sodium_base642bin(bytes, sizeof(bytes), masked.text, masked.length, NULL, &length, NULL,
                          base64_variant) != 0 ||
        length != sizeof(bytes))
        return false;
    token_hash(bound, form_purpose, token);
    for (int i = 0; i < WEB_TOKEN_BYTES; i++)
        bytes[i] ^= bytes[WEB_TOKEN_BYTES + i];
    return sodium_memcmp(bytes, token, WEB_TOKEN_BYTES) == 0;
}

/* "https://host:port" names our host? */
static bool origin_is_ours(const struct call *call)
{
    struct str origin = call->head.origin;
    static const struct str schemes[] = {{"http://", 7}, {"https://", 8}};
    static const char *const default_ports[] = {":80", ":443"};
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (!str_starts_with(origin, schemes[i]))
            continue;
        struct str host = str_slice(origin, schemes[i].length, origin.length);
        struct str ours = call->request.host;
        struct str port = str_from_c(default_ports[i]);
        if (str_ends_with(ours, port))
            ours.length -= port.length;
        return str_equal_ascii_fold(host, ours);
    }
    return false;
}

enum err session_form_check(struct call *call)
{
    const struct call_head *head = &call->head;
    struct problem *problem = &call->request.problem;
    if (call->request.viewer.by_token)
        return ERR_OK;
    if (head->fetch_site.length > 0 && !str_equal(head->fetch_site, STR("same-origin")))
        return problem_set0(problem, ERR_ORIGIN);
    if (head->origin.length > 0 && !origin_is_ours(call))
        return problem_set0(problem, ERR_ORIGIN);
    struct str masked = head->form_token;
    const struct form_raw *field = form_body_find(&call->fields, WEB_FORM_TOKEN_FIELD);
    if (masked.length == 0 && field != NULL)
        masked = field->value;
    return form_token_fits(call, masked) ? ERR_OK : problem_set0(problem, ERR_FORM_TOKEN);
}

/* ---- cookies of the answer ---- */

static void cookie_put(struct request *request, const char *name, struct str value, int64_t seconds,
                       bool has_age)
{
    struct web_answer *answer = request->answer;
    const char *prefix = request->site->prefix;
    if (answer->cookie_count == ANSWER_COOKIES_MAX)
        return;
    struct str age =
        has_age ? str_format(&request->arena, "; Max-Age=%lld", (long long)seconds) : STR("");
    answer->cookies[answer->cookie_count++] =
        str_format(&request->arena, "%s=%.*s; Path=%s%s; HttpOnly; SameSite=Lax%.*s", name,
                   (int)value.length, value.text, prefix[0] == '\0' ? "/" : prefix,
                   request->is_secure ? "; Secure" : "", (int)age.length, age.text);
}

static bool value_is_plain(struct str value)
{
    for (size_t i = 0; i < value.length; i++) {
        char c = value.text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_' || c == '.'))
            return false;
    }
    return true;
}

void answer_cookie(struct request *request, const char *name, struct str value, int64_t seconds)
{
    if (value_is_plain(value))
        cookie_put(request, name, value, seconds, true);
}

void answer_session_begin(struct request *request, int64_t seconds,
                          unsigned char hash[WEB_TOKEN_BYTES])
{
    char token[TOKEN_TEXT_LENGTH + 1];
    token_make(token);
    token_hash(str_from_c(token), session_purpose, hash);
    cookie_put(request, session_cookie, str_from_c(token), seconds, seconds > 0);
    cookie_put(request, visit_cookie, STR(""), 0, true);
    sodium_memzero(token, sizeof(token));
}

void answer_session_end(struct request *request)
{
    cookie_put(request, session_cookie, STR(""), 0, true);
}

struct str web_token_new(struct arena *arena, unsigned char hash[WEB_TOKEN_BYTES])
{
    char token[TOKEN_TEXT_LENGTH + 1];
    token_make(token);
    token_hash(str_from_c(token), session_purpose, hash);
    struct str text = str_copy(arena, str_from_c(token));
    sodium_memzero(token, sizeof(token));
    return text;
}

void session_visit_keep(struct call *call)
{
    if (call->visit_token[0] != '\0')
        cookie_put(&call->request, visit_cookie, str_from_c(call->visit_token), 0, false);
}
