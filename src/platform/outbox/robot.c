/* Group robots of WeCom, DingTalk and Feishu: bodies, signatures, answers.
 *
 * Source  WeCom: developer.work.weixin.qq.com/document/path/91770; DingTalk:
 *         open.dingtalk.com/document/robots/custom-robot-access and
 *         .../customize-robot-security-settings; Feishu:
 *         open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
 */
#include <sodium.h>

#include "core/json.h"
#include "platform/outbox/parts.h"

enum {
    WECOM_TEXT_MAX = 2048, /* documented */
    TEXT_MAX = 18000       /* the others take bodies of 20,000 bytes */
};

static struct str hmac_base64(struct arena *arena, struct str key, struct str message)
{
    crypto_auth_hmacsha256_state state;
    unsigned char sum[crypto_auth_hmacsha256_BYTES];
    size_t room = sodium_base64_encoded_len(sizeof(sum), sodium_base64_VARIANT_ORIGINAL);
    char *text = ARENA_ARRAY(arena, char, room);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.text, key.length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)message.text, message.length);
    crypto_auth_hmacsha256_final(&state, sum);
    sodium_bin2base64(text, room, sum, sizeof(sum), sodium_base64_VARIANT_ORIGINAL);
    return str_from_c(text);
}

struct str robot_sign_dingtalk(struct arena *arena, int64_t now_ms, struct str secret)
{
    struct str message =
        str_format(arena, "%lld\n%.*s", (long long)now_ms, (int)secret.length, secret.text);
    return hmac_base64(arena, secret, message);
}

struct str robot_sign_feishu(struct arena *arena, int64_t now_s, struct str secret)
{
    struct str key =
        str_format(arena, "%lld\n%.*s", (long long)now_s, (int)secret.length, secret.text);
    return hmac_base64(arena, key, STR(""));
}

/* Base64 in a query string. */
static void query_append(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        if (c == '+' || c == '/' || c == '=')
            buf_format(out, "%%%02X", (unsigned)c);
        else
            buf_append_byte(out, c);
    }
}

/* "<@all>" and "<at ...>" would call people: a message's text must not, whoever wrote it. */
static struct str tamed(struct arena *arena, struct str text, size_t length_max)
{
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < text.length; i++) {
        char next = i + 1 < text.length ? text.text[i + 1] : '\0';
        if (text.text[i] == '<' && (next == '@' || next == 'a' || next == 'A'))
            buf_append_c(&out, "\uff1c");
        else
            buf_append_byte(&out, text.text[i]);
    }
    struct str all = buf_str(&out);
    bool cut = all.length > length_max;
    size_t length = cut ? str_utf8_cut(all, length_max - sizeof("\u2026") + 1) : all.length;
    struct str result = str_format(arena, "%.*s%s", (int)length, all.text, cut ? "\u2026" : "");
    buf_clear(&out);
    return result;
}

static void member(struct json_writer *json, const char *key, struct str value)
{
    json_key(json, key);
    json_put_text(json, value);
}

/* {"msgtype": "text", "text": {"content": ...}} */
static void body_wecom_dingtalk(struct json_writer *json, struct str text)
{
    json_object_begin(json);
    member(json, "msgtype", STR("text"));
    json_key(json, "text");
    json_object_begin(json);
    member(json, "content", text);
    json_object_end(json);
    json_object_end(json);
}

/* {"timestamp": ..., "sign": ..., "msg_type": "text", "content": {"text": ...}} */
static void body_feishu(struct arena *arena, struct json_writer *json, struct str secret,
                        int64_t now_s, struct str text)
{
    json_object_begin(json);
    if (secret.length > 0) {
        member(json, "timestamp", str_format(arena, "%lld", (long long)now_s));
        member(json, "sign", robot_sign_feishu(arena, now_s, secret));
    }
    member(json, "msg_type", STR("text"));
    json_key(json, "content");
    json_object_begin(json);
    member(json, "text", text);
    json_object_end(json);
    json_object_end(json);
}

void robot_request(struct arena *arena, const struct robot *robot, struct str text, int64_t now_ms,
                   struct str *address, struct str *body)
{
    struct buf to;
    struct buf out;
    struct json_writer json;
    buf_init(&to);
    buf_init(&out);
    json_writer_init(&json, &out, false);
    buf_append(&to, robot->address);
    if (robot->channel == OUTBOX_FEISHU) {
        body_feishu(arena, &json, robot->secret, now_ms / 1000, tamed(arena, text, TEXT_MAX));
    } else {
        body_wecom_dingtalk(
            &json, tamed(arena, text, robot->channel == OUTBOX_WECOM ? WECOM_TEXT_MAX : TEXT_MAX));
    }
    if (robot->channel == OUTBOX_DINGTALK && robot->secret.length > 0) {
        buf_format(&to, "%ctimestamp=%lld&sign=",
                   str_find_byte(robot->address, '?') == robot->address.length ? '?' : '&',
                   (long long)now_ms);
        query_append(&to, robot_sign_dingtalk(arena, now_ms, robot->secret));
    }
    *address = str_copy(arena, buf_str(&to));
    *body = str_copy(arena, buf_str(&out));
    buf_clear(&to);
    buf_clear(&out);
}

/* ---- answers ---- */

/* "busy" and "too fast": the same message may pass later. */
static bool passes_later(enum outbox_channel channel, int64_t code)
{
    switch (channel) {
    case OUTBOX_WECOM:
        return code == -1 || code == 45009;
    case OUTBOX_DINGTALK:
        return code == -1 || code == 130101 || code == 410100;
    case OUTBOX_FEISHU:
        return code == 11232;
    default:
        return false;
    }
}

/* {"errcode": 0, "errmsg": "ok"}; of Feishu {"code": 0, "msg": "success"}. */
static bool answer_read(struct arena *arena, enum outbox_channel channel, struct str answer,
                        int64_t *code, struct str *words)
{
    struct json_document *document;
    struct json root;
    struct problem ignored;
    bool feishu = channel == OUTBOX_FEISHU;
    if (json_parse(answer, "answer", &document, &root, &ignored) != ERR_OK)
        return false;
    struct json number = json_child(&root, feishu ? "code" : "errcode");
    struct json text = json_child(&root, feishu ? "msg" : "errmsg");
    bool good = json_is_object(&root) && json_int(&number, code);
    if (!json_text(&text, words))
        *words = STR("");
    *words = str_copy(arena, str_slice(*words, 0, str_utf8_cut(*words, OUTBOX_DETAIL_MAX / 2)));
    json_close(document);
    return good;
}

enum sending robot_answer(struct arena *arena, enum outbox_channel channel, int http_status,
                          struct str answer, struct str *detail)
{
    int64_t code = 0;
    struct str words = STR("");
    bool good = answer_read(arena, channel, answer, &code, &words);
    if (good && code == 0 && http_status == 200)
        return SENDING_SENT;
    if (good && code != 0)
        *detail = str_format(arena, "%lld %.*s", (long long)code, (int)words.length, words.text);
    else
        *detail = str_format(arena, "HTTP %d", http_status);
    bool later = good && code != 0 ? passes_later(channel, code)
                                   : http_status >= 500 || http_status == 429 || http_status < 400;
    return later ? SENDING_AGAIN : SENDING_REFUSED;
}
