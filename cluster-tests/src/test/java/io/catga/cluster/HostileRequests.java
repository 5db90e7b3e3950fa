package io.catga.cluster;

import io.catga.cluster.HostileBodies.Body;
import io.catga.cluster.HostileFrames.Frame;
import io.catga.cluster.HostileRequest.Kind;
import io.catga.cluster.RawHttp.After;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes hostile requests, each by its number alone: the same seed and number make the same request, whatever was made
 * before it.
 */
final class HostileRequests {

    /** Odd, and not the step of {@link java.util.SplittableRandom}: or each request would go on where the one before began. */
    private static final long STEP = 0xD1B54A32D192ED03L;

    private static final String ORDERS = "/api/orders";
    private static final String JSON = "Content-Type: application/json";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    private final long seed;
    private final String run;

    /**
     * Makes the requests of a run.
     *
     * @param run a name, so that what comes of one run is not taken for another's
     */
    HostileRequests(long seed, String run) {
        this.seed = seed;
        this.run = run;
    }

    /** Whose orders would come of requests that none may come of. */
    String refused() {
        return "refused-" + run;
    }

    /** Whose orders come of requests that are odd and no more. */
    String taken() {
        return "taken-" + run;
    }

    /** What is in requests where it would leave a trace. */
    String mark() {
        return "mark-" + run;
    }

    HostileRequest get(int number) {
        Dice dice = new Dice(seed + number * STEP);
        Kind kind = kind(dice);
        HostileAddresses addresses = new HostileAddresses(dice, mark());
        return switch (kind) {
            case BODY -> body(number, dice);
            case HEADER -> header(number, dice, new HostileHeaders(dice, mark()));
            case PATH ->
                request(number, kind, "a path", HostileHeaders.head("GET", addresses.path(), List.of()), new byte[0]);
            case QUERY ->
                request(number, kind, "a query", HostileHeaders.head("GET", addresses.query(), List.of()), new byte[0]);
            case METHOD -> method(number, dice, addresses);
            case FRAMING -> of(number, kind, frames(dice).framing());
            case BROKEN -> of(number, kind, frames(dice).broken());
        };
    }

    private static Kind kind(Dice dice) {
        int left = dice.below(100);
        for (Kind kind : Kind.values()) {
            left -= kind.share;
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the shares are less than a hundred");
    }

    private HostileFrames frames(Dice dice) {
        return new HostileFrames(dice, refused(), taken(), mark());
    }

    private static HostileRequest of(int number, Kind kind, Frame frame) {
        return new HostileRequest(
                number, kind, frame.what(), frame.bytes(), frame.orderable(), frame.answers(), frame.after());
    }

    /** Framed as it should be: what is wrong is in the body. */
    private HostileRequest body(int number, Dice dice) {
        Body body = new HostileBodies(dice, refused(), taken(), mark()).any();
        boolean chunked = dice.chance(15);
        byte[] sent = chunked ? frames(dice).chunked(body.bytes()) : body.bytes();
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + sent.length;
        String head = HostileHeaders.head("POST", ORDERS, List.of(JSON, framing));
        return new HostileRequest(number, Kind.BODY, body.what(), join(head, sent), body.orderable(), 1, After.WAIT);
    }

    private HostileRequest header(int number, Dice dice, HostileHeaders headers) {
        if (dice.chance(40)) {
            String head = HostileHeaders.head("GET", addressOfHeaders(dice), headers.any());
            return request(number, Kind.HEADER, "a header", head, new byte[0]);
        }
        byte[] order = HostileBodies.order(taken()).getBytes(StandardCharsets.UTF_8);
        boolean aboutTheOrder = dice.chance(50);
        List<String> lines = new ArrayList<>(aboutTheOrder ? List.of(headers.ofAnOrder()) : headers.any());
        lines.add("Content-Length: " + order.length);
        if (lines.stream().noneMatch(line -> line.startsWith("Content-Type:"))) {
            lines.add(JSON);
        }
        return request(number, Kind.HEADER, "a header of an order", HostileHeaders.head("POST", ORDERS, lines), order);
    }

    private static String addressOfHeaders(Dice dice) {
        return dice.one(List.of(
                "/api/orders?limit=1",
                "/api/orders/history?id=1",
                "/api/notifications?orderId=1",
                "/console/icon.svg",
                "/console/console.js",
                "/"));
    }

    private HostileRequest method(int number, Dice dice, HostileAddresses addresses) {
        String method = addresses.method();
        if (dice.chance(70)) {
            return request(
                    number,
                    Kind.METHOD,
                    "a method",
                    HostileHeaders.head(method, addresses.address(), List.of()),
                    new byte[0]);
        }
        byte[] form = HostileFrames.bytes(dice.one(List.of("a=%zz", "a=%ff", "%", "&&&=", "_method=DELETE", "a=1")));
        List<String> lines =
                List.of(dice.chance(70) ? FORM : FORM + ";charset=nonsense", "Content-Length: " + form.length);
        String any = dice.chance(30) ? "POST" : method;
        return request(
                number,
                Kind.METHOD,
                "a method with a form",
                HostileHeaders.head(any, addresses.address(), lines),
                form);
    }

    /** One whose lines may hold others: there are not more answers than it has blank lines. */
    private static HostileRequest request(int number, Kind kind, String what, String head, byte[] body) {
        int blankLines = head.split("\r?\n\r?\n", -1).length - 1;
        return new HostileRequest(number, kind, what, join(head, body), body.length > 0, blankLines, After.WAIT);
    }

    private static byte[] join(String head, byte[] body) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(HostileFrames.bytes(head));
        whole.writeBytes(body);
        return whole.toByteArray();
    }
}
