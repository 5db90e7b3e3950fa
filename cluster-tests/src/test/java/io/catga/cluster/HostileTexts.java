package io.catga.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Texts that mean something to whoever is careless with them: a database, a script, a template, a log, a terminal, a
 * protocol.
 */
final class HostileTexts {

    /** What a log would have to begin a line with, for somebody to have written it there. */
    static final String FORGED_LINE = "2026-01-01 00:00:00.000 ERROR ";

    private static final List<String> HARMLESS_TO_LINES = List.of(
            "' OR '1'='1' --",
            "\"; DROP TABLE orders; --",
            "1; SELECT pg_sleep(9)",
            "{\"$gt\":\"\"}",
            "';return redis.call('FLUSHALL')--",
            "]] redis.call('SHUTDOWN') --",
            "${7*7}",
            "#{T(java.lang.Runtime).getRuntime().exec('id')}",
            "${jndi:ldap://127.0.0.1:1/a}",
            "${${lower:j}ndi:dns://127.0.0.1/a}",
            "${env:PATH}",
            "{{constructor.constructor('return process')()}}",
            "<script>alert(1)</script>",
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
            "../../../../etc/passwd",
            "..\\..\\windows\\win.ini",
            "file:///etc/passwd",
            "$(id)`id`|id;id&&id",
            "%s%s%n%x",
            "orders.>",
            "_INBOX.*",
            "__proto__",
            "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA==",
            "(a+)+$",
            "null",
            "undefined",
            "NaN",
            "-1",
            "9".repeat(400),
            "A".repeat(3000),
            "\u202egnp.exe",
            "\u200b",
            "\ufeff",
            "\ufffe\uffff",
            "Z\u0351\u036b\u0343\u036a\u0302A\u0351L\u036bG\u0343O",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\u5f20\u4e09",
            // cut to their lower bytes, these are CR and LF
            "\u010d\u010aX-Injected: 1");

    private HostileTexts() {}

    /** One of them; {@code mark} is in those whose traces are looked for. */
    static String any(Dice dice, String mark) {
        return dice.chance(40) ? line(dice, mark) : dice.one(HARMLESS_TO_LINES);
    }

    /** One that would begin a line of its own, or turn a terminal's. */
    private static String line(Dice dice, String mark) {
        return dice.one(List.of(
                "\r\n" + FORGED_LINE + mark,
                "\n" + FORGED_LINE + mark,
                "\r" + FORGED_LINE + mark,
                "x\r\nX-Injected: " + mark,
                "\r\n\r\nHTTP/1.1 200 OK\r\nX-Injected: " + mark + "\r\n\r\n",
                "\u0085" + FORGED_LINE + mark,
                "\u2028" + FORGED_LINE + mark,
                "\u001b[2J\u001b[31m" + mark,
                "\u001b]0;" + mark + "\u0007",
                "\u009b31m" + mark,
                "\u0008\u0008\u0008" + mark,
                "\u0000" + mark,
                "\r\nPUB orders.create-order 2\r\n{}\r\n" + mark,
                "\r\n*1\r\n$8\r\nFLUSHALL\r\n" + mark));
    }

    /** With every byte that is no letter or digit as {@code %xx}. */
    static String percent(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    octet >= '0' && octet <= '9' || octet >= 'A' && octet <= 'Z' || octet >= 'a' && octet <= 'z';
            encoded.append(plain ? String.valueOf((char) octet) : "%%%02x".formatted(octet & 0xff));
        }
        return encoded.toString();
    }

    /** As a JSON string, with its quotes; in bytes beyond ASCII or in escapes. */
    static String json(Dice dice, String text) {
        boolean escaped = dice.chance(50);
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || escaped && c > '~') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
