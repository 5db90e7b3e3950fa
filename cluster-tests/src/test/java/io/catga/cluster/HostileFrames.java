package io.catga.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Requests whose ends are where two readers may look for them at different places, and what is no request at all.
 *
 * <p>A request that is to be smuggled stands in what is the body by one reading and the next request by the other. The
 * connection goes on with a last, honest request: so a hidden one that was taken for a request has been answered by the
 * time the connection ends.
 */
final class HostileFrames {

    /** In the address of each request that must not be seen as one. */
    static final String SMUGGLED = "smuggled-";

    /**
     * What is sent.
     *
     * @param orderable whether an order may come of it
     * @param answers   how many answers there may be at most
     */
    record Frame(String what, byte[] bytes, boolean orderable, int answers, RawHttp.After after) {}

    /** Of something that is well whoever else is: /health is 503 while Redis is slow for a moment, and rightly so. */
    private static final String LAST = "GET /console/icon.svg HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private static final String POST = "POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    /** Each is a transfer coding: one that is known, one that is not, or both. */
    static final List<String> CODINGS = List.of(
            "Transfer-Encoding: chunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: \u000bchunked",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: CHUNKED",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: chun\u0000ked",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
            "Transfer-Encoding:\r\n chunked",
            "X-A: b\nTransfer-Encoding: chunked");

    /** Each looks like one, and is none by the letter. */
    static final List<String> DISGUISES = List.of(
            " Transfer-Encoding: chunked",
            "X-A: b\rTransfer-Encoding: chunked",
            "X-A: b\r\n\tTransfer-Encoding: chunked",
            "Transfer_Encoding: chunked",
            "Transfer-Encoding\u0000: chunked",
            "Transfer-Encod\u0131ng: chunked");

    /** In the place of a length that is N. */
    static final List<String> LENGTHS = List.of(
            "Content-Length: +N",
            "Content-Length: -N",
            "Content-Length: N N",
            "Content-Length: N, N",
            "Content-Length: N, 0",
            "Content-Length: 0, N",
            "Content-Length: N\r\nContent-Length: 0",
            "Content-Length: 0\r\nContent-Length: N",
            "Content-Length: N.0",
            "Content-Length: 0xN",
            "Content-Length: N;",
            "Content-Length: \"N\"",
            "Content-Length : N",
            "Content-Length\u0000: N",
            "Content-Length: 1\u0000N",
            "Content-Length:\r\n N",
            "Content-Length: 18446744073709551616N",
            "Content-Length: 99999999999999999999");

    private static final List<String> SIZES = List.of(
            "N;x=y",
            "N ;x",
            "0xN",
            "+N",
            "-N",
            " N",
            "N ",
            "0000000000000000000N",
            "10000000000000000N",
            "N\r",
            "N\n",
            "zz",
            "");

    private static final List<String> VERSIONS = List.of(
            "HTTP/0.9",
            "HTTP/1.2",
            "HTTP/2.0",
            "HTTP/3",
            "HTTP/9.9",
            "HTTP/1",
            "HTTP/1.1 x",
            "HTTP/11",
            "http/1.1",
            "ICY/1.0",
            "");

    private final Dice dice;
    private final String refused;
    private final String taken;
    private final String mark;

    HostileFrames(Dice dice, String refused, String taken, String mark) {
        this.dice = dice;
        this.refused = refused;
        this.taken = taken;
        this.mark = mark;
    }

    /** Both are there, and one of them leaves a request over. */
    static String ambiguous(String coding, String mark) {
        String hidden = hidden(mark);
        return POST + coding + "\r\nContent-Length: " + ("0\r\n\r\n" + hidden).length() + "\r\n\r\n0\r\n\r\n" + hidden
                + LAST;
    }

    /** The length is shorter than what the chunks hold. */
    static String shorter(String coding, String mark) {
        String hidden = hidden(mark);
        String chunk = Integer.toHexString(hidden.length()) + "\r\n";
        return POST + coding + "\r\nContent-Length: " + chunk.length() + "\r\n\r\n" + chunk + hidden + "\r\n0\r\n\r\n"
                + LAST;
    }

    /** The length is one to some readers. */
    static String strange(String length, String mark) {
        String hidden = hidden(mark);
        return POST + length.replace("N", Integer.toString(hidden.length())) + "\r\n\r\n" + hidden + LAST;
    }

    private static String hidden(String mark) {
        return "GET /" + SMUGGLED + mark + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    Frame framing() {
        return switch (dice.below(7)) {
            case 0 ->
                frame("a coding and a length", ambiguous(dice.one(dice.chance(70) ? CODINGS : DISGUISES), mark), 2);
            case 1 -> frame("a length that ends before the chunks", shorter(dice.one(CODINGS), mark), 2);
            case 2 -> frame("a strange length", strange(dice.one(LENGTHS), mark), 2);
            case 3 -> chunks();
            case 4 -> pipelined();
            case 5 ->
                frame(
                        "more behind the last request",
                        "GET /console/icon.svg HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + hidden(mark),
                        1);
            default ->
                frame(
                        "a body where none belongs",
                        "GET /console/icon.svg HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                + hidden(mark).length() + "\r\n\r\n" + hidden(mark) + LAST,
                        2);
        };
    }

    private static Frame frame(String what, String text, int answers) {
        return new Frame(what, bytes(text), false, answers, RawHttp.After.WAIT);
    }

    private Frame chunks() {
        String order = HostileBodies.order(taken);
        String size = dice.one(SIZES).replace("N", Integer.toHexString(order.length()));
        String end = dice.one(List.of(
                "\r\n0\r\n\r\n",
                "0\r\n\r\n",
                "\r\n0\r\nContent-Length: 5\r\nX-Injected: " + mark + "\r\n\r\n",
                "\r\n0\r\n" + "X-T: y\r\n".repeat(dice.below(2_000)) + "\r\n",
                "\n0\n\n",
                "\r\n-1\r\n\r\n"));
        String version = dice.chance(20) ? "HTTP/1.0" : "HTTP/1.1";
        String text =
                POST.replace("HTTP/1.1", version) + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + order + end;
        return new Frame("odd chunks", bytes(text + LAST), true, 2, RawHttp.After.WAIT);
    }

    private Frame pipelined() {
        int count = 2 + dice.below(20);
        String one = dice.one(List.of(
                "GET /console/icon.svg HTTP/1.1\r\nHost: x\r\n\r\n", "\r\nGET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"));
        return frame("many at once", one.repeat(count) + LAST, count + 1);
    }

    Frame broken() {
        return switch (dice.below(8)) {
            case 0 -> raw("noise", dice.noise(1 + dice.below(2_000)), dice.chance(50));
            case 1 -> raw("another protocol", bytes(otherProtocol()), dice.chance(50));
            case 2 ->
                raw(
                        "another version",
                        bytes("GET /console/icon.svg " + dice.one(VERSIONS) + "\r\nHost: x\r\n\r\n"),
                        true);
            case 3 ->
                raw("a strange first line", bytes(firstLine() + "\r\nHost: x\r\nConnection: close\r\n\r\n"), true);
            case 4 -> {
                byte[] whole = order(refused);
                byte[] part = Arrays.copyOf(whole, dice.below(whole.length));
                RawHttp.After after = dice.chance(60) ? RawHttp.After.HANG_UP : RawHttp.After.END;
                yield new Frame("half an order", part, false, 1, after);
            }
            case 5 -> new Frame("an order, and away", order(taken), true, 1, RawHttp.After.HANG_UP);
            case 6 -> {
                byte[] order = order(taken);
                dice.spoil(order, 5);
                yield new Frame("bytes changed", order, true, 3, RawHttp.After.END);
            }
            default -> raw("an answer", bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), true);
        };
    }

    /** Whatever comes, there are not more answers than it has blank lines, and one for what is no request. */
    private static Frame raw(String what, byte[] bytes, boolean end) {
        int blankLines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n\r?\n", -1).length;
        return new Frame(what, bytes, false, blankLines, end ? RawHttp.After.END : RawHttp.After.WAIT);
    }

    private String otherProtocol() {
        return dice.one(List.of(
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000",
                "\u0016\u0003\u0001\u0000\u00c8\u0001\u0000\u0000\u00c4\u0003\u0003" + "\u0001".repeat(190),
                "SSH-2.0-OpenSSH_9.9\r\n",
                "EHLO x\r\n",
                "*1\r\n$4\r\nPING\r\n",
                "CONNECT {\"verbose\":false}\r\nPING\r\n",
                "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\nGET /console/icon.svg HTTP/1.1\r\nHost: x\r\n\r\n",
                "\r\n\r\n\u0000\r\nQUIT\n",
                "OPTIONS sip:x SIP/2.0\r\n\r\n",
                "\u0003\u0000\u0000\u000b\u0006\u00e0\u0000\u0000\u0000\u0000\u0000",
                "\r\n".repeat(dice.below(200)),
                "\u0000".repeat(1 + dice.below(3_000)),
                "G".repeat(1 + dice.below(60_000))));
    }

    private String firstLine() {
        return dice.one(List.of(
                "GET",
                "GET ",
                "GET  /console/icon.svg  HTTP/1.1",
                "GET\t/console/icon.svg\tHTTP/1.1",
                " GET /console/icon.svg HTTP/1.1",
                "\r\n\r\nGET /console/icon.svg HTTP/1.1",
                "GET /console/icon.svg HTTP/1.1\r",
                "GET /console/icon.svg HTTP/1.1 HTTP/1.1",
                "GET /console/icon.svg\u0000HTTP/1.1",
                "GET /console/icon.svg",
                "/console/icon.svg",
                "HTTP/1.1 GET /console/icon.svg",
                "GET /hea\nlth HTTP/1.1",
                "GET /hea\rlth HTTP/1.1",
                "\ufeffGET /console/icon.svg HTTP/1.1"));
    }

    private static byte[] order(String customer) {
        String body = HostileBodies.order(customer);
        return bytes(POST + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** A byte for each character up to 0xff, so that any can be sent; UTF-8 for those beyond. */
    static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            if (c <= 0xff) {
                bytes.write(c);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    /** In chunks of any size. */
    byte[] chunked(byte[] body) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        int at = 0;
        while (at < body.length) {
            int length = Math.min(body.length - at, 1 + dice.below(body.length));
            chunks.writeBytes(bytes(Integer.toHexString(length) + "\r\n"));
            chunks.write(body, at, length);
            chunks.writeBytes(bytes("\r\n"));
            at += length;
        }
        chunks.writeBytes(bytes("0\r\n\r\n"));
        return chunks.toByteArray();
    }
}
