/* Speaking to mail servers and webhooks, by libcurl. Nothing of what is said is logged. */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "platform/outbox/parts.h"

enum { VERB_MAX = 8, ANSWER_BYTES_MAX = 64 << 10, CONNECT_SECONDS = 15 };

/* What a transfer hands to libcurl's callbacks. */
struct transfer {
    const struct outbox *outbox;
    struct str body;
    size_t sent;
    char verb[VERB_MAX];          /* the last SMTP command: its name only, never its argument */
    char line[OUTBOX_DETAIL_MAX]; /* the server's last line */
    bool said_bye;
    struct buf answer; /* of HTTP */
};

/* ---- what a server's refusal means ---- */

/* "550 5.1.1 ...": the subject of the enhanced status (RFC 3463): 1 is addresses, 7 is policy. */
static int status_subject(struct str line)
{
    if (line.length < 9 || line.text[4] != '5' || line.text[5] != '.' || line.text[7] != '.')
        return -1;
    return line.text[6] - '0';
}

enum sending smtp_refusal(const char *verb, int code, struct str line)
{
    int subject = status_subject(line);
    if (code < 500 || code > 599)
        return SENDING_AGAIN;
    /* The site's own account or settings: the message is not to blame. */
    if (strcmp(verb, "RCPT") != 0 && strcmp(verb, "MAIL") != 0 && strcmp(verb, "DATA") != 0)
        return SENDING_AGAIN;
    if (subject == 1 && strcmp(verb, "MAIL") != 0)
        return SENDING_BOUNCED;
    if (strcmp(verb, "RCPT") == 0 && subject < 0 && (code == 550 || code == 551 || code == 553))
        return SENDING_BOUNCED;
    return SENDING_REFUSED;
}

/* ---- callbacks ---- */

static size_t on_read(char *to, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t left = transfer->body.length - transfer->sent;
    size_t length = size * count < left ? size * count : left;
    memcpy(to, transfer->body.text + transfer->sent, length);
    transfer->sent += length;
    return length;
}

static size_t on_write(char *from, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    if (transfer->answer.length + length > ANSWER_BYTES_MAX)
        return 0;
    buf_append(&transfer->answer, (struct str){from, length});
    return length;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct transfer *transfer = context;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return atomic_load(&transfer->outbox->stopping);
}

/* Keeps the name of the last command and the last line of the server, for smtp_refusal. */
static int on_debug(CURL *curl, curl_infotype type, char *text, size_t length, void *context)
{
    struct transfer *transfer = context;
    (void)curl;
    /* It takes leave after a refusal, too; what counts was said before. */
    transfer->said_bye = transfer->said_bye || (type == CURLINFO_HEADER_OUT && length >= 4 &&
                                                memcmp(text, "QUIT", 4) == 0);
    if (transfer->said_bye)
        return 0;
    if (type == CURLINFO_HEADER_OUT) {
        size_t i = 0;
        for (; i < length && i < VERB_MAX - 1 && text[i] >= 'A' && text[i] <= 'Z'; i++)
            transfer->verb[i] = text[i];
        transfer->verb[i] = '\0';
    } else if (type == CURLINFO_HEADER_IN) {
        size_t at = 0;
        size_t most = str_utf8_cut((struct str){text, length}, sizeof(transfer->line) - 1);
        for (; at < most; at++)
            transfer->line[at] = (unsigned char)text[at] < ' ' ? ' ' : text[at];
        transfer->line[at] = '\0';
    }
    return 0;
}

/* The address is looked at after its name was resolved: a name that points inside leads nowhere. */
static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    const struct transfer *transfer = context;
    bool loopback =
        transfer->outbox->options.config->allow_loopback && address_is_loopback(&address->addr);
    (void)purpose;
    if (address_is_private(&address->addr) && !loopback)
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- transfers ---- */

static void set_common(CURL *curl, struct transfer *transfer)
{
    int seconds = transfer->outbox->options.attempt_seconds;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT,
                     (long)(seconds == 0 ? OUTBOX_ATTEMPT_SECONDS_DEFAULT : seconds));
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
}

static void set_mail(CURL *curl, struct transfer *transfer, const struct mail_config *mail,
                     struct arena *arena)
{
    struct str domain = mail_address_domain(mail->from); /* said in EHLO */
    struct str url = str_format(
        arena, "%s://%.*s:%d/%.*s", mail->security == MAIL_TLS ? "smtps" : "smtp",
        (int)mail->host.length, mail->host.text, mail->port, (int)domain.length, domain.text);
    curl_easy_setopt(curl, CURLOPT_URL, url.text);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(mail->security == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (mail->ca_file.length > 0)
        curl_easy_setopt(curl, CURLOPT_CAINFO, str_copy(arena, mail->ca_file).text);
    if (mail->user.length > 0) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, str_copy(arena, mail->user).text);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, str_copy(arena, mail->password).text);
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
                     str_format(arena, "<%.*s>", (int)mail->from.length, mail->from.text).text);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* into on_debug, nowhere else */
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, transfer);
}

static enum sending judge_mail(struct posting *posting, CURL *curl, CURLcode code,
                               const struct transfer *transfer)
{
    long answer = 0;
    if (code == CURLE_OK)
        return SENDING_SENT;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    if (answer >= 400) {
        struct str line = str_trim(str_from_c(transfer->line));
        posting->detail = str_copy(posting->arena, line);
        return smtp_refusal(transfer->verb, (int)answer, line);
    }
    posting->detail = str_from_c(curl_easy_strerror(code));
    return SENDING_AGAIN;
}

enum sending post_mail(struct posting *posting, struct str to, struct str mail)
{
    struct transfer transfer = {.outbox = posting->outbox, .body = mail};
    enum sending result = SENDING_AGAIN;
    CURL *curl = curl_easy_init();
    posting->detail = STR("libcurl");
    if (curl == NULL)
        return result;
    struct curl_slist *recipients =
        curl_slist_append(NULL, str_format(posting->arena, "<%.*s>", (int)to.length, to.text).text);
    buf_init(&transfer.answer);
    set_common(curl, &transfer);
    set_mail(curl, &transfer, &posting->outbox->options.config->mail, posting->arena);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    CURLcode code = curl_easy_perform(curl);
    result = judge_mail(posting, curl, code, &transfer);
    buf_clear(&transfer.answer);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return result;
}

enum sending post_json(struct posting *posting, struct str address, struct str body, int *status,
                       struct str *answer)
{
    struct transfer transfer = {.outbox = posting->outbox};
    CURL *curl = curl_easy_init();
    long http_status = 0;
    posting->detail = STR("libcurl");
    if (curl == NULL)
        return SENDING_AGAIN;
    struct curl_slist *headers =
        curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    buf_init(&transfer.answer);
    set_common(curl, &transfer);
    curl_easy_setopt(curl, CURLOPT_URL, str_copy(posting->arena, address).text);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
                     posting->outbox->options.config->allow_loopback ? "https,http" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.text);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.length);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http_status);
    *status = (int)http_status;
    *answer = str_copy(posting->arena, buf_str(&transfer.answer));
    if (code != CURLE_OK)
        posting->detail = str_from_c(curl_easy_strerror(code));
    buf_clear(&transfer.answer);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return code == CURLE_OK ? SENDING_SENT : SENDING_AGAIN;
}
