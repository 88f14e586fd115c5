/* market/codec: one description of a record serves writing and reading. A codec either appends the
 * value it is shown to a buf, or fills it from bytes. Internal to engine/market. */
#ifndef ENGINE_MARKET_CODEC_H
#define ENGINE_MARKET_CODEC_H

#include "core/arena.h"
#include "core/bytes.h"
#include "core/str.h"

struct market_codec {
    struct buf *out; /* NULL when reading */
    struct byte_reader in;
    bool damaged;        /* reading: a value outside what it may be */
    struct arena *arena; /* reading: memory of what is read */
};

static inline void codec_i64(struct market_codec *codec, int64_t *value)
{
    if (codec->out != NULL)
        bytes_put_i64(codec->out, *value);
    else
        *value = bytes_get_i64(&codec->in);
}

static inline void codec_f64(struct market_codec *codec, double *value)
{
    if (codec->out != NULL) {
        bytes_put_f64(codec->out, *value);
        return;
    }
    *value = bytes_get_f64(&codec->in);
    if (!(*value >= -1e300 && *value <= 1e300))
        codec->damaged = true;
}

static inline void codec_i32(struct market_codec *codec, int32_t *value)
{
    if (codec->out != NULL)
        bytes_put_i32(codec->out, *value);
    else
        *value = bytes_get_i32(&codec->in);
}

/* An int that must lie in [least, most]. */
static inline void codec_int(struct market_codec *codec, int *value, int least, int most)
{
    int32_t wire = *value;
    codec_i32(codec, &wire);
    if (codec->out != NULL)
        return;
    if (wire < least || wire > most) {
        codec->damaged = true;
        wire = least;
    }
    *value = wire;
}

static inline void codec_bool(struct market_codec *codec, bool *value)
{
    int wire = *value;
    codec_int(codec, &wire, 0, 1);
    *value = wire != 0;
}

static inline void codec_u8(struct market_codec *codec, uint8_t *value, uint8_t most)
{
    if (codec->out != NULL) {
        bytes_put_u8(codec->out, *value);
        return;
    }
    *value = bytes_get_u8(&codec->in);
    if (*value > most) {
        codec->damaged = true;
        *value = 0;
    }
}

static inline void codec_u64(struct market_codec *codec, uint64_t *value)
{
    if (codec->out != NULL)
        bytes_put_u64(codec->out, *value);
    else
        *value = bytes_get_u64(&codec->in);
}

static inline bool codec_failed(const struct market_codec *codec)
{
    return codec->damaged || codec->in.failed;
}

#endif
