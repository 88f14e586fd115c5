#include "main/qr.h"

#include <qrencode.h>

enum { QUIET_MODULES = 2 };

static bool is_dark(const QRcode *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width)
        return false;
    return (code->data[y * code->width + x] & 1) != 0;
}

bool qr_append(struct buf *out, struct str text)
{
    static const char *const blocks[2][2] = {{" ", "\u2584"}, {"\u2580", "\u2588"}};
    QRcode *code =
        QRcode_encodeData((int)text.length, (const unsigned char *)text.text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return false;
    for (int y = -QUIET_MODULES; y < code->width + QUIET_MODULES; y += 2) {
        buf_append_c(out, "\033[97;40m"); /* white on black, whatever the terminal's colours */
        for (int x = -QUIET_MODULES; x < code->width + QUIET_MODULES; x++)
            buf_append_c(out, blocks[!is_dark(code, x, y)][!is_dark(code, x, y + 1)]);
        buf_append_c(out, "\033[0m\n");
    }
    QRcode_free(code);
    return true;
}
