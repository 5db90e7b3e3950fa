package io.catga.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One answer out of what came over a connection.
 *
 * @param status  0 for what has none: an answer of HTTP/0.9
 * @param headers by their names in small letters
 */
record RawAnswer(int status, Map<String, List<String>> headers, String body) {

    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LINE = "\r\n";

    String header(String name) {
        return String.join(", ", headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    /**
     * All answers, one after the other, without those that only say that the client may go on.
     *
     * @param head whether the first one is to a HEAD request, and so has no body
     */
    static List<RawAnswer> allOf(byte[] received, boolean head) {
        String text = new String(received, StandardCharsets.ISO_8859_1);
        List<RawAnswer> answers = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int headEnd = text.indexOf(END_OF_HEAD, at);
            if (!text.startsWith("HTTP/1.", at) || headEnd < 0) {
                answers.add(new RawAnswer(0, Map.of(), utf8(text.substring(at))));
                break;
            }
            String[] lines = text.substring(at, headEnd).split(LINE);
            int status = Integer.parseInt(lines[0].split(" ")[1]);
            RawAnswer bare = new RawAnswer(status, headers(lines), "");
            at = headEnd + END_OF_HEAD.length();
            boolean bodiless = status < 200 || status == 204 || status == 304 || (head && answers.isEmpty());
            StringBuilder body = new StringBuilder();
            if (!bodiless) {
                at = bare.readBody(text, at, body);
            }
            if (status >= 200) {
                answers.add(new RawAnswer(status, bare.headers(), utf8(body.toString())));
            }
        }
        return answers;
    }

    private static Map<String, List<String>> headers(String[] lines) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = colon < 0 ? lines[i] : lines[i].substring(0, colon);
            headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new ArrayList<>())
                    .add(colon < 0 ? "" : lines[i].substring(colon + 1).strip());
        }
        return headers;
    }

    /** Returns where the next answer begins. */
    private int readBody(String text, int from, StringBuilder body) {
        if (header("transfer-encoding").contains("chunked")) {
            return readChunks(text, from, body);
        }
        String length = header("content-length");
        int end = length.isEmpty() ? text.length() : Math.min(text.length(), from + Integer.parseInt(length));
        body.append(text, from, end);
        return end;
    }

    private static int readChunks(String text, int from, StringBuilder body) {
        int at = from;
        while (true) {
            int lineEnd = text.indexOf(LINE, at);
            if (lineEnd < 0) {
                return text.length();
            }
            int length = Integer.parseInt(text.substring(at, lineEnd), 16);
            int chunk = lineEnd + LINE.length();
            int end = Math.min(text.length(), chunk + length);
            body.append(text, chunk, end);
            at = Math.min(text.length(), end + LINE.length());
            if (length == 0) {
                return at;
            }
        }
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
