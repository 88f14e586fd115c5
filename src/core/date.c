#include "core/date.h"

int32_t date_from_civil(struct civil civil)
{
    /* March is the first month, so that the leap day is the last day of the year. */
    int32_t year = civil.year - (civil.month <= 2);
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t year_of_era = year - era * 400;
    int32_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    int32_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil date_to_civil(int32_t day)
{
    int64_t shifted = (int64_t)day + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t day_of_era = (int32_t)(shifted - era * 146097);
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t month = (5 * day_of_year + 2) / 153;
    struct civil civil = {
        .year = (int32_t)(year_of_era + era * 400) + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
    return civil;
}

static bool year_is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_is_valid(struct civil civil)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (civil.year < 1 || civil.year > 9999 || civil.month < 1 || civil.month > 12)
        return false;
    int32_t length = lengths[civil.month - 1] + (civil.month == 2 && year_is_leap(civil.year));
    return civil.day >= 1 && civil.day <= length;
}

int date_weekday(int32_t day)
{
    /* Day 0 was a Thursday, 3. */
    return (int)((((int64_t)day + 3) % 7 + 7) % 7);
}

int date_day_of_year(int32_t day)
{
    struct civil civil = date_to_civil(day);
    return day - date_from_civil((struct civil){civil.year, 1, 1});
}

int date_iso_week(int32_t day)
{
    /* A week belongs to the year of its Thursday. */
    return date_day_of_year(day - date_weekday(day) + 3) / 7 + 1;
}

static bool digits_parse(struct str text, size_t start, size_t count, int32_t *value)
{
    int32_t number = 0;
    for (size_t i = start; i < start + count; i++) {
        if (text.text[i] < '0' || text.text[i] > '9')
            return false;
        number = number * 10 + (text.text[i] - '0');
    }
    *value = number;
    return true;
}

bool date_parse(struct str text, int32_t *day)
{
    struct civil civil;
    if (text.length != 10 || text.text[4] != '-' || text.text[7] != '-' ||
        !digits_parse(text, 0, 4, &civil.year) || !digits_parse(text, 5, 2, &civil.month) ||
        !digits_parse(text, 8, 2, &civil.day) || !civil_is_valid(civil))
        return false;
    *day = date_from_civil(civil);
    return true;
}

static void digits_put(char *text, int32_t value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void date_format(int32_t day, char text[11])
{
    /* 0001-01-01 and 9999-12-31: days outside show the nearest end instead of nonsense. */
    const int32_t first = -719162;
    const int32_t last = 2932896;
    struct civil civil = date_to_civil(day < first ? first : day > last ? last : day);
    digits_put(text, civil.year, 4);
    text[4] = '-';
    digits_put(text + 5, civil.month, 2);
    text[7] = '-';
    digits_put(text + 8, civil.day, 2);
    text[10] = '\0';
}
