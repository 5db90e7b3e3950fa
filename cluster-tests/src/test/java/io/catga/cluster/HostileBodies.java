package io.catga.cluster;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bodies of orders, valid ones that something was done to. */
final class HostileBodies {

    /**
     * A body.
     *
     * @param what      what was done to it
     * @param orderable whether it is an order all the same
     */
    record Body(String what, byte[] bytes, boolean orderable) {}

    private static final String MISSING = "";

    /** In the place of a text: no text, and none that can be made of it. */
    private static final List<String> NO_TEXTS =
            List.of("null", "[]", "{}", "[\"x\"]", "{\"x\":1}", "\"\"", "\" \"", "\"\\u0000\"", "\"\\t\"");
    /** In the place of a text: no text, but what can be read as one. */
    private static final List<String> NEARLY_TEXTS = List.of("1", "true", "1.5", "-0", "1e9", "1e2147483648");

    private static final List<String> NO_NUMBERS = List.of(
            "null",
            "true",
            "[]",
            "{}",
            "[1]",
            "{\"$numberDecimal\":\"1\"}",
            "\"\"",
            "\"x\"",
            "\"NaN\"",
            "\"0x1\"",
            "\"1_0\"",
            "\"\\u0661\"",
            "0",
            "-0",
            "-1",
            "1.001",
            "1e400",
            "1e-400",
            "1e999999999",
            "1e-999999999",
            "\"1e999999999\"",
            "1e2147483648",
            "1e-2147483649",
            "99999999999999999999",
            "9".repeat(999),
            "1." + "0".repeat(900));
    /** No JSON at all, or more digits than anybody should read. */
    private static final List<String> NO_VALUES = List.of(
            "NaN",
            "Infinity",
            "-Infinity",
            "+1",
            "01",
            ".5",
            "1.",
            "0x10",
            "1e",
            "--1",
            "1_0",
            "9".repeat(5000),
            "undefined",
            "TRUE",
            "'x'",
            "\"\\x\"",
            "\"\\u00\"",
            "\"a\tb\"",
            "\"unended",
            MISSING);

    /** In the place of a text, byte by byte: what is no UTF-8, or no character. */
    private static final List<String> NO_CHARACTERS = List.of(
            "\u00c0\u00af",
            "\u00c0\u0080",
            "\u00e0\u0080\u00af",
            "\u00ed\u00a0\u0080",
            "\u00f0\u0080\u0080\u00af",
            "\u00f4\u0090\u0080\u0080",
            "\u00f8\u0088\u0080\u0080\u0080",
            "\u00ff",
            "\u00fe",
            "\u0080",
            "\u00c3",
            "\u00f0\u009f\u0098",
            "\\ud800",
            "\\udfff",
            "\\udc00\\ud800",
            "\\ud800\\u0041");

    private final Dice dice;
    private final String refused;
    private final String taken;
    private final String mark;

    /**
     * Chooses bodies.
     *
     * @param refused whose orders those would be that must not be
     * @param taken   whose orders those are that may be
     * @param mark    by which traces are found
     */
    HostileBodies(Dice dice, String refused, String taken, String mark) {
        this.dice = dice;
        this.refused = refused;
        this.taken = taken;
        this.mark = mark;
    }

    static String order(String customerId, String productId, String quantity, String price) {
        return "{\"customerId\":" + customerId + ",\"items\":[" + line(productId, quantity, price) + "]}";
    }

    private static String line(String productId, String quantity, String price) {
        return "{\"productId\":" + productId + ",\"quantity\":" + quantity + ",\"price\":" + price + "}";
    }

    static String order(String customer) {
        return order('"' + customer + '"', "\"p\"", "1", "1");
    }

    Body any() {
        return switch (dice.below(16)) {
            case 0, 1 -> wrongType();
            case 2, 3 -> wrongNumber();
            case 4 -> hostileText();
            case 5 -> noCharacter();
            case 6 -> otherEncoding();
            case 7 -> truncated();
            case 8 -> continued();
            case 9 -> twice();
            case 10 -> deep();
            case 11 -> manyLines();
            case 12 -> longText();
            case 13 -> stranger();
            case 14 -> changedBytes();
            default -> otherSyntax();
        };
    }

    private static Body no(String what, String body) {
        return new Body(what, body.getBytes(StandardCharsets.UTF_8), false);
    }

    private static Body maybe(String what, String body) {
        return new Body(what, body.getBytes(StandardCharsets.UTF_8), true);
    }

    private Body wrongType() {
        if (dice.chance(20)) {
            return maybe("a value that may pass for a text", order(dice.one(NEARLY_TEXTS), "\"p\"", "1", "1"));
        }
        String other = dice.one(dice.chance(70) ? NO_TEXTS : NO_VALUES);
        return no(
                "no text",
                dice.chance(50) ? order(other, "\"p\"", "1", "1") : order('"' + refused + '"', other, "1", "1"));
    }

    private Body wrongNumber() {
        String other = dice.one(dice.chance(60) ? NO_NUMBERS : NO_VALUES);
        String customer = '"' + refused + '"';
        return switch (dice.below(4)) {
            case 0 -> no("no quantity", order(customer, "\"p\"", other, "1"));
            case 1 -> no("no price", order(customer, "\"p\"", "1", other));
            case 2 -> no("neither quantity nor price", order(customer, "\"p\"", other, other));
            default -> no("a number for the lines", "{\"customerId\":" + customer + ",\"items\":" + other + "}");
        };
    }

    private Body hostileText() {
        String text = HostileTexts.json(dice, HostileTexts.any(dice, mark));
        return maybe(
                "a hostile text",
                dice.chance(50) ? order(text, "\"p\"", "1", "1") : order('"' + taken + '"', text, "1", "1"));
    }

    private Body noCharacter() {
        String text = '"' + dice.one(NO_CHARACTERS) + '"';
        String body = dice.chance(50) ? order(text, "\"p\"", "1", "1") : order('"' + refused + '"', text, "1", "1");
        return new Body("no character", body.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    private Body otherEncoding() {
        if (dice.chance(20)) {
            return maybe("a byte order mark", "\ufeff" + order(taken));
        }
        Charset other =
                Charset.forName(dice.one(List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE")));
        return new Body("in " + other, order(refused).getBytes(other), false);
    }

    private Body truncated() {
        String whole = order(refused);
        return no("cut off", whole.substring(0, dice.below(whole.length())));
    }

    private Body continued() {
        return no(
                "with more behind it",
                order(refused)
                        + dice.one(List.of("}", "]", ",", "x", "0", "\u0000", "{}", order(refused), "//", "\"")));
    }

    private Body twice() {
        String name = dice.one(List.of("customerId", "items", "note"));
        String value = name.equals("items") ? "[]" : "\"" + refused + "\"";
        String body = order(refused).substring(1);
        String first = "{\"" + name + "\":" + value + ",";
        return no("a name twice", name.equals("note") ? first + first.substring(1) + body : first + body);
    }

    private Body deep() {
        boolean tooDeep = dice.chance(80);
        int depth = tooDeep ? 2_000 + dice.below(8_000) : 1 + dice.below(100);
        boolean arrays = dice.chance(50);
        String nested = (arrays ? "[" : "{\"a\":").repeat(depth) + "1" + (arrays ? "]" : "}").repeat(depth);
        String body =
                "{\"note\":" + nested + "," + order(tooDeep ? refused : taken).substring(1);
        return tooDeep ? no("nested too deep", body) : maybe("nested", body);
    }

    private Body manyLines() {
        String one = dice.one(List.of("{}", "null", "7", "[]", "\"\"", line("\"p\"", "1", "1"), line("1", "[]", "{}")));
        int count = 101 + dice.below(60_000 / (one.length() + 1) - 101);
        return no(
                "lines without end",
                "{\"customerId\":\"" + refused + "\",\"items\":[" + (one + ",").repeat(count - 1) + one + "]}");
    }

    private Body longText() {
        String text = "x".repeat(65 + dice.below(dice.chance(80) ? 1_000 : 60_000));
        return switch (dice.below(3)) {
            case 0 -> no("a long customer", order('"' + text + '"', "\"p\"", "1", "1"));
            case 1 -> no("a long product", order('"' + refused + '"', '"' + text + '"', "1", "1"));
            default ->
                maybe("a long name", "{\"" + text + "\":1," + order(taken).substring(1));
        };
    }

    private Body stranger() {
        return maybe(
                "fields for somebody else",
                "{"
                        + dice.one(List.of(
                                "\"__proto__\":{\"admin\":true}",
                                "\"constructor\":{\"prototype\":{\"x\":1}}",
                                "\"@class\":\"java.lang.Runtime\"",
                                "\"@type\":\"com.sun.rowset.JdbcRowSetImpl\",\"dataSourceName\":\"ldap://127.0.0.1:1/a\"",
                                "\"orderId\":\"1\",\"status\":\"PAID\",\"totalAmount\":0",
                                "\"class\":{\"module\":{\"classLoader\":1}}",
                                "\"\":1",
                                "\"\\u0000\":1",
                                "\"$where\":\"sleep(9000)\""))
                        + "," + order(taken).substring(1));
    }

    private Body changedBytes() {
        byte[] body = order(taken).getBytes(StandardCharsets.UTF_8);
        dice.spoil(body, 4);
        return new Body("bytes changed", body, true);
    }

    private Body otherSyntax() {
        String body = order(refused);
        return switch (dice.below(9)) {
            case 0 -> no("other quotes", body.replace('"', '\''));
            case 1 -> no("a comment", "/* */" + body);
            case 2 -> no("a comma too many", body.replace("}]", "},]"));
            case 3 -> no("names without quotes", body.replaceAll("\"(\\w+)\":", "$1:"));
            case 4 -> no("in an array", "[" + body + "]");
            case 5 -> no("in a text", HostileTexts.json(dice, body));
            case 6 -> no("a prefix", ")]}'\n" + body);
            case 7 -> new Body("noise", dice.noise(dice.below(300)), false);
            default ->
                no("no object", dice.one(List.of("", " ", "null", "true", "0", "\"x\"", "[]", "{}", "<order/>")));
        };
    }
}
