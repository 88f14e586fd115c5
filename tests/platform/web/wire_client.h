/* wire_client: raw bytes to a server on loopback and back. */
#ifndef TESTS_PLATFORM_WEB_WIRE_CLIENT_H
#define TESTS_PLATFORM_WEB_WIRE_CLIENT_H

#include "core/base.h"
#include "core/str.h"

int client_open(int port);
void client_send(int socket, struct str bytes);
/* Reads until the answer with its length is whole, the connection ends (then *closed), or nothing
 * comes for `wait_ms`. Appends to `answer`. With `closed` NULL it does not wait to see whether the
 * connection is kept. */
void client_read(int socket, int wait_ms, struct buf *answer, bool *closed);
/* What has come, or comes within `wait_ms`; false when the connection has ended. */
bool client_read_some(int socket, int wait_ms, struct buf *answer);
/* Status of the first answer in the bytes, 0 when there is none. */
int client_status(const struct buf *answer);
/* Opens, sends, reads one answer, closes; the status. */
int client_ask(int port, struct str bytes, struct buf *answer, bool *closed);

#endif
