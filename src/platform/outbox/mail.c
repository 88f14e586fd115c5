/* Mails as RFC 5322, 2045 and 2047 have them. */
#include <sodium.h>

#include "core/date.h"
#include "platform/outbox/parts.h"

enum {
    LOCAL_PART_MAX = 64, /* RFC 5321, 4.5.3.1.1 */
    LABEL_MAX = 63,
    WORD_BYTES = 36, /* of an encoded word: with its wrapping and "Subject: " below 78 */
    PLAIN_MAX = 60,  /* a header's text that needs no folding */
    LINE_MAX_ENCODED = 76,
    BASE64_BYTES = 57 /* that make a line of 76 */
};

/* ---- addresses ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_in(const char *list, char c)
{
    for (; *list != '\0'; list++) {
        if (*list == c)
            return true;
    }
    return false;
}

/* Parts of letters joined by single dots. */
static bool is_dotted(struct str text, const char *also, size_t part_max)
{
    size_t part = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        if (c == '.' && part == 0)
            return false;
        if (c != '.' && !is_letter_or_digit(c) && !is_in(also, c))
            return false;
        part = c == '.' ? 0 : part + 1;
        if (part > part_max)
            return false;
    }
    return part > 0;
}

struct str mail_address_domain(struct str address)
{
    size_t at = str_find_byte(address, '@');
    return at == address.length ? STR("") : str_slice(address, at + 1, address.length - at - 1);
}

struct str mail_address_fold(struct arena *arena, struct str address)
{
    struct str copy = str_copy(arena, address);
    char *to = ARENA_ARRAY(arena, char, copy.length + 1);
    for (size_t i = 0; i < copy.length; i++) {
        char c = copy.text[i];
        to[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return (struct str){to, copy.length};
}

bool mail_address_is_valid(struct str address)
{
    size_t at = str_find_byte(address, '@');
    struct str domain = mail_address_domain(address);
    return address.length <= OUTBOX_RECIPIENT_BYTES_MAX && at <= LOCAL_PART_MAX &&
           is_dotted(str_slice(address, 0, at), "!#$%&'*+-/=?^_`{|}~", LOCAL_PART_MAX) &&
           is_dotted(domain, "-", LABEL_MAX);
}

/* ---- headers ---- */

static void base64_append(struct buf *out, struct str bytes)
{
    size_t room = sodium_base64_encoded_len(bytes.length, sodium_base64_VARIANT_ORIGINAL);
    char *to = buf_reserve(out, room);
    sodium_bin2base64(to, room, (const unsigned char *)bytes.text, bytes.length,
                      sodium_base64_VARIANT_ORIGINAL);
    out->length += room - 1;
}

static bool is_plain(struct str text)
{
    if (text.length > PLAIN_MAX)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        /* "=?" would be read as an encoded word. */
        if (c < ' ' || c > '~' || (c == '=' && i + 1 < text.length && text.text[i + 1] == '?'))
            return false;
    }
    return true;
}

static void encoded_words_append(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.length;) {
        struct str rest = str_slice(text, at, text.length - at);
        size_t length = str_utf8_cut(rest, WORD_BYTES);
        if (length == 0) /* no UTF-8; not from here, but never for ever */
            length = rest.length < WORD_BYTES ? rest.length : WORD_BYTES;
        buf_append_c(out, at == 0 ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        base64_append(out, str_slice(rest, 0, length));
        buf_append_c(out, "?=");
        at += length;
    }
}

/* Line breaks and other control characters as blanks. */
static void one_line(struct buf *line, struct str text)
{
    buf_init(line);
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.text[i];
        buf_append_byte(line, c < ' ' || c == 0x7f ? ' ' : text.text[i]);
    }
}

static void text_header(struct buf *out, const char *name, struct str text)
{
    struct buf line;
    one_line(&line, text);
    buf_append_c(out, name);
    buf_append_c(out, ": ");
    if (is_plain(buf_str(&line)))
        buf_append(out, buf_str(&line));
    else
        encoded_words_append(out, buf_str(&line));
    buf_append_c(out, "\r\n");
    buf_clear(&line);
}

static void plain_header(struct buf *out, const char *name, struct str value)
{
    struct buf line;
    one_line(&line, value);
    buf_append_c(out, name);
    buf_append_c(out, ": ");
    buf_append(out, buf_str(&line));
    buf_append_c(out, "\r\n");
    buf_clear(&line);
}

static void from_header(struct buf *out, const struct mail *mail)
{
    struct buf name;
    one_line(&name, mail->from_name);
    buf_append_c(out, "From: ");
    if (name.length > 0) {
        /* Always as encoded words: no rule of quoting to get wrong. */
        encoded_words_append(out, buf_str(&name));
        buf_append_c(out, "\r\n ");
    }
    buf_append_byte(out, '<');
    buf_append(out, mail->from);
    buf_append_c(out, ">\r\n");
    buf_clear(&name);
}

/* "Wed, 25 Nov 2026 01:04:14 +0000" */
static void date_header(struct buf *out, int64_t ms)
{
    static const char days[][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t second = ms / 1000;
    int64_t day = second / 86400; /* times before 1970 do not come up */
    int second_of_day = (int)(second % 86400);
    struct civil date = date_to_civil((int32_t)day);
    buf_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[day % 7], date.day,
               months[date.month - 1], date.year, second_of_day / 3600, second_of_day / 60 % 60,
               second_of_day % 60);
}

/* ---- the text ---- */

/* Every kind of line end as CRLF, and one at the end. */
static void lines_append(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        if (c == '\r' && i + 1 < text.length && text.text[i + 1] == '\n')
            continue;
        if (c == '\r' || c == '\n')
            buf_append_c(out, "\r\n");
        else
            buf_append_byte(out, c);
    }
    if (text.length == 0 ||
        (text.text[text.length - 1] != '\n' && text.text[text.length - 1] != '\r'))
        buf_append_c(out, "\r\n");
}

static void base64_lines_append(struct buf *out, struct str text)
{
    for (size_t at = 0; at < text.length; at += BASE64_BYTES) {
        size_t left = text.length - at;
        base64_append(out, str_slice(text, at, left < BASE64_BYTES ? left : BASE64_BYTES));
        buf_append_c(out, "\r\n");
    }
}

/* `text` has CRLF line ends. */
static void quoted_printable_append(struct buf *out, struct str text)
{
    size_t column = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.text[i];
        if (c == '\r') {
            buf_append_c(out, "\r\n");
            column = 0;
            i++;
            continue;
        }
        bool ends_line = i + 1 < text.length && text.text[i + 1] == '\r';
        bool plain = (c > ' ' && c <= '~' && c != '=') || ((c == ' ' || c == '\t') && !ends_line);
        size_t width = plain ? 1 : 3;
        if (column + width > LINE_MAX_ENCODED - 1) {
            buf_append_c(out, "=\r\n");
            column = 0;
        }
        if (plain)
            buf_append_byte(out, (char)c);
        else
            buf_format(out, "=%02X", c);
        column += width;
    }
}

static bool is_mostly_ascii(struct str text)
{
    size_t other = 0;
    for (size_t i = 0; i < text.length; i++)
        other += ((unsigned char)text.text[i] & 0x80) != 0;
    return other * 4 <= text.length;
}

void mail_write(struct buf *out, const struct mail *mail)
{
    struct buf lines;
    bool ascii = is_mostly_ascii(mail->body);
    date_header(out, mail->date_ms);
    from_header(out, mail);
    plain_header(out, "To", mail->to);
    if (mail->reply_to.length > 0)
        plain_header(out, "Reply-To", mail->reply_to);
    text_header(out, "Subject", mail->subject);
    plain_header(out, "Message-ID", mail->message_id);
    plain_header(out, "Content-Language", mail->language);
    /* Nobody's holiday answer is wanted (RFC 3834). */
    buf_append_c(out, "Auto-Submitted: auto-generated\r\n"
                      "MIME-Version: 1.0\r\n"
                      "Content-Type: text/plain; charset=UTF-8\r\n"
                      "Content-Transfer-Encoding: ");
    buf_append_c(out, ascii ? "quoted-printable\r\n\r\n" : "base64\r\n\r\n");
    buf_init(&lines);
    lines_append(&lines, mail->body);
    if (ascii)
        quoted_printable_append(out, buf_str(&lines));
    else
        base64_lines_append(out, buf_str(&lines));
    buf_clear(&lines);
}
