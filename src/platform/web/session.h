/* web/session: cookies, session tokens, form tokens. Internal to web.
 *
 * A session's token is 256 random bits in an HttpOnly cookie; only its BLAKE2b-256 hash leaves this
 * file. The form token is bound to the session (or, for strangers, to a visit cookie): it is a hash
 * of that secret, hidden in each answer under a fresh pad (pad || pad XOR token), so that no two
 * answers hold the same bytes for a compressor to betray.
 */
#ifndef PLATFORM_WEB_SESSION_H
#define PLATFORM_WEB_SESSION_H

#include "platform/web/call.h"

/* Reads head->cookie: session and visit token, language, theme. */
void session_cookies_read(struct call *call, struct str *language, struct str *theme);
/* The hash of the session's or API's token; false when there is none of the right shape. */
bool session_token_hash(struct call *call, bool *is_api_token);
/* A fresh mask of the form token; makes a visit token when there is nothing to bind it to. */
struct str session_form_token(struct call *call);
/* ERR_ORIGIN, ERR_FORM_TOKEN. By an API token nothing is asked. */
MUST_USE enum err session_form_check(struct call *call);
/* The visit cookie, when the form token that was made for it is in the page. */
void session_visit_keep(struct call *call);

#endif
