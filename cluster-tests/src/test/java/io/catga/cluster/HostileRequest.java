package io.catga.cluster;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as nobody means it well.
 *
 * @param number    its place in the sequence; together with the seed, all that is needed to make it again
 * @param what      what is wrong with it, for people
 * @param bytes     all that is sent
 * @param orderable whether an order may come of it: it is odd, but says what it wants
 * @param answers   how many answers there may be at most
 */
record HostileRequest(
        int number, Kind kind, String what, byte[] bytes, boolean orderable, int answers, RawHttp.After after) {

    private static final Pattern ENCODED = Pattern.compile("%([0-9a-fA-F]{2})");

    /** Where the malice is. */
    enum Kind {
        BODY(40),
        HEADER(18),
        PATH(14),
        QUERY(10),
        METHOD(6),
        FRAMING(6),
        BROKEN(6);

        /** So many of a hundred requests. */
        final int share;

        Kind(int share) {
            this.share = share;
        }
    }

    /** Seven of ten go through the load balancer, the others to one instance each, where only Tomcat stands before it. */
    int port() {
        int tenth = number % 10;
        return tenth < 7 ? RawHttp.BALANCER_PORT : Orders.API_PORTS.get(tenth - 7);
    }

    boolean throughBalancer() {
        return port() == RawHttp.BALANCER_PORT;
    }

    boolean isHead() {
        return start(5).equals("HEAD ");
    }

    /** Whether a word is the client's own, which may come back to it. */
    boolean says(String word) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains(word)
                || ENCODED.matcher(text)
                        .replaceAll(octet ->
                                Matcher.quoteReplacement(Character.toString(Integer.parseInt(octet.group(1), 16))))
                        .contains(word);
    }

    private String start(int length) {
        return new String(bytes, 0, Math.min(length, bytes.length), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return "#%d %s: %s, to port %d: %s"
                .formatted(
                        number,
                        kind,
                        what,
                        port(),
                        start(160).replaceAll("[^ -~]+", " ").strip());
    }
}
