package io.catga.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Headers, each as nobody means it well. */
final class HostileHeaders {

    private final Dice dice;
    private final String mark;

    HostileHeaders(Dice dice, String mark) {
        this.dice = dice;
        this.mark = mark;
    }

    /** For any request. */
    List<String> any() {
        return switch (dice.below(12)) {
            case 0 -> List.of("traceparent: " + dice.one(traces()));
            case 1 -> List.of("traceparent: " + dice.one(traces()), "tracestate: " + text());
            case 2 -> List.of(dice.one(List.of("tracestate: ", "baggage: ", "b3: ")) + dice.one(baggage()));
            case 3 ->
                List.of(dice.one(List.of(
                                "X-Forwarded-For: ",
                                "X-Forwarded-Host: ",
                                "X-Forwarded-Proto: ",
                                "X-Forwarded-Port: ",
                                "X-Forwarded-Prefix: ",
                                "Forwarded: host=",
                                "X-Original-URL: ",
                                "X-Rewrite-URL: ",
                                "X-HTTP-Method-Override: "))
                        + dice.one(List.of("evil.example", "99999", "javascript:", "/actuator/env", "DELETE", text())));
            case 4 -> List.of("Accept: " + dice.one(accepts()));
            case 5 -> List.of(dice.one(List.of("Accept-Language: ", "Accept-Charset: ", "Accept-Encoding: ")) + text());
            case 6 -> List.of(dice.one(conditions()));
            case 7 -> List.of("X-Request-Id: " + text());
            case 8 ->
                List.of(dice.one(List.of("Cookie: ", "Authorization: ", "User-Agent: ", "Referer: ", "From: "))
                        + text());
            case 9 ->
                IntStream.range(0, 1 + dice.below(300))
                        .mapToObj(i -> "X-" + i + ": " + mark)
                        .toList();
            case 10 -> List.of("X-Large: " + "x".repeat(500 + dice.below(20_000)));
            default -> List.of(dice.one(malformed()));
        };
    }

    /** For a request with an order: its key, and how it is sent. */
    String ofAnOrder() {
        return switch (dice.below(3)) {
            case 0 -> "Idempotency-Key: " + dice.one(keys());
            case 1 ->
                "X-Request-Timeout: "
                        + dice.one(List.of(
                                "", "-1", "0", "-5s", "5000000000", "9".repeat(40) + "s", "PT5S", "1y", "5 s", text()));
            default -> "Content-Type: " + dice.one(contentTypes());
        };
    }

    private List<String> keys() {
        return List.of(
                "",
                " ",
                "\"\"",
                "\"",
                "\"" + mark + dice.below(1_000_000),
                "k".repeat(255),
                "k".repeat(256),
                "k".repeat(7_000),
                "a b",
                "\u00e9",
                "\u00ff\u00fe",
                "\u0000",
                text(),
                text());
    }

    private static List<String> contentTypes() {
        return List.of(
                "",
                ";",
                "application/json;charset=UTF-16",
                "application/json;charset=nonsense",
                "application/json;charset=\"${jndi:ldap://127.0.0.1:1/a}\"",
                "application/json, text/plain",
                "application/json;q=0",
                "application/xml",
                "application/x-java-serialized-object",
                "application/x-www-form-urlencoded",
                "application/x-www-form-urlencoded;charset=nonsense",
                "multipart/form-data",
                "multipart/form-data;boundary=" + "x".repeat(200),
                "text/plain",
                "*/*",
                "a/b/c",
                "application/json\u0000",
                "a".repeat(5_000));
    }

    private List<String> traces() {
        String id = "0af7651916cd43dd8448eb211c80319c";
        return List.of(
                "",
                "00",
                "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-00",
                "ff-" + id + "-b7ad6b7169203331-01",
                "00-" + id.toUpperCase(Locale.ROOT) + "-B7AD6B7169203331-01",
                "00-" + id + "-b7ad6b7169203331-ff",
                "00-" + id + "-b7ad6b7169203331-01-" + "x".repeat(2_000),
                "00-" + id + id + "-b7ad6b7169203331-01",
                "00-" + "z".repeat(32) + "-b7ad6b7169203331-01",
                "00-" + id + "-b7ad6b7169203331",
                "-".repeat(55),
                text());
    }

    private List<String> baggage() {
        return List.of(
                "",
                ",,,;;;===",
                "a=%zz",
                "a=%00%0d%0a" + mark,
                "=1",
                "a=b;c=d;" + "e".repeat(3_000),
                IntStream.range(0, 400).mapToObj(i -> "k" + i + "=v").reduce("a=b", (a, b) -> a + "," + b),
                "\u00ff=\u00fe",
                "0",
                "1-1-1-1-1-1",
                text());
    }

    private List<String> accepts() {
        return List.of(
                "",
                "*",
                "a/b/c",
                "text/html",
                "application/xml",
                "text/html;q=abc",
                "*/*;q=-1",
                "application/json;q=2",
                ";;;",
                ",,,",
                "text/plain;charset=nonsense",
                "text/plain;charset=\"" + text() + "\"",
                "application/json;" + "a=b;".repeat(300),
                "a/b,".repeat(1_000),
                text());
    }

    private List<String> conditions() {
        return List.of(
                "Range: bytes=0-0",
                "Range: bytes=-1",
                "Range: bytes=99999999999999999999-",
                "Range: bytes=5-1",
                "Range: bytes=" + "0-0,".repeat(500) + "1-1",
                "Range: lines=1-2",
                "If-None-Match: W/\"",
                "If-None-Match: " + "\"x\",".repeat(500),
                "If-Modified-Since: never",
                "If-Modified-Since: Thu, 99 Foo 9999 99:99:99 GMT",
                "If-Range: " + text(),
                "If-Match: *",
                "Expect: 100-continue",
                "Expect: 200-ok",
                "Connection: Idempotency-Key, Content-Length, close",
                "Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x",
                "TE: trailers, deflate;q=0.5",
                "Max-Forwards: -1",
                "Via: " + "1.1 x,".repeat(300),
                "Origin: null\r\nAccess-Control-Request-Method: PUT",
                "Proxy: http://127.0.0.1:1/");
    }

    /** Headers that are none by the letter. */
    private List<String> malformed() {
        return List.of(
                "no colon",
                ": no name",
                " : ",
                "X Y: z",
                "X-A : b",
                "X-A: b\r\n folded " + mark,
                "X-A: b\r\n\tfolded",
                "X-A: b\rX-Injected: " + mark,
                "X-A: b\nX-Injected: " + mark,
                "X-A: \u0000",
                "X-A: \u001b[31m" + mark,
                "X-A: \u007f",
                "X-\u00e9: a",
                "X\u0000: a",
                "(x): a",
                "n".repeat(9_000) + ": a",
                "Host: evil.example",
                "Host: a b",
                "Host: x:99999",
                "Host: " + text(),
                "Content-Length : 0",
                "Content_Length: 5",
                "Transfer-Encoding: identity");
    }

    private String text() {
        return HostileTexts.any(dice, mark);
    }

    /** Lines that begin a request. The connection ends with its answer, unless one of them is about that. */
    static String head(String method, String target, List<String> headers) {
        List<String> lines = new ArrayList<>(List.of(method + " " + target + " HTTP/1.1", "Host: x"));
        if (headers.stream().noneMatch(line -> line.startsWith("Connection:"))) {
            lines.add("Connection: close");
        }
        lines.addAll(headers);
        return String.join("\r\n", lines) + "\r\n\r\n";
    }
}
