#include "wire_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int client_open(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1;
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (client < 0 || connect(client, (struct sockaddr *)&address, sizeof(address)) != 0)
        __builtin_trap();
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return client;
}

void client_send(int socket, struct str bytes)
{
    while (bytes.length > 0) {
        ssize_t sent = send(socket, bytes.text, bytes.length, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the other side may have closed by now */
        bytes = str_slice(bytes, (size_t)sent, bytes.length);
    }
}

static bool is_whole(const struct buf *answer)
{
    static const char length_name[] = "Content-Length: ";
    if (answer->length == 0)
        return false;
    const char *end = memmem(answer->text, answer->length, "\r\n\r\n", 4);
    if (end == NULL)
        return false;
    size_t head = (size_t)(end - answer->text) + 4;
    const char *at = memmem(answer->text, head, length_name, sizeof(length_name) - 1);
    int64_t length = 0;
    if (at == NULL)
        return false;
    struct str digits = {at + sizeof(length_name) - 1, 0};
    while (digits.text[digits.length] >= '0' && digits.text[digits.length] <= '9')
        digits.length++;
    return str_to_int64(digits, &length) && answer->length >= head + (size_t)length;
}

bool client_read_some(int socket, int wait_ms, struct buf *answer)
{
    struct pollfd ready = {.fd = socket, .events = POLLIN};
    if (poll(&ready, 1, wait_ms) <= 0)
        return true;
    char *at = buf_reserve(answer, 65536);
    ssize_t got = recv(socket, at, 65536, 0);
    if (got > 0)
        answer->length += (size_t)got;
    return got > 0;
}

void client_read(int socket, int wait_ms, struct buf *answer, bool *closed)
{
    struct pollfd ready = {.fd = socket, .events = POLLIN};
    bool ended = false;
    while (!is_whole(answer) && !ended) {
        size_t before = answer->length;
        ended = !client_read_some(socket, wait_ms, answer);
        if (!ended && answer->length == before)
            break;
    }
    if (closed == NULL)
        return;
    /* Does the server keep the connection? */
    char byte;
    *closed = ended || (is_whole(answer) && poll(&ready, 1, 100) > 0 &&
                        recv(socket, &byte, 1, MSG_PEEK) <= 0);
}

int client_status(const struct buf *answer)
{
    int64_t status;
    struct str text = str_slice(buf_str(answer), 9, 3);
    return answer->length > 12 && str_to_int64(text, &status) ? (int)status : 0;
}

int client_ask(int port, struct str bytes, struct buf *answer, bool *closed)
{
    int client = client_open(port);
    client_send(client, bytes);
    buf_reset(answer);
    client_read(client, 5000, answer, closed);
    close(client);
    return client_status(answer);
}
