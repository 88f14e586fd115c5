/* main/qr: an address as a QR code in a terminal, for phones that come along.
 *
 * Two rows of modules make one row of half blocks in UTF-8, light on dark with a quiet zone of two
 * modules, so it can be read from a dark terminal; colours are set, so from a light one, too.
 */
#ifndef MAIN_QR_H
#define MAIN_QR_H

#include "core/str.h"

/* False when the text is too long for a code (about 2,900 bytes). */
bool qr_append(struct buf *out, struct str text);

#endif
