package io.catga.orders;

/** How large an order can be; the same for the HTTP contract and for the command. */
public final class OrderLimits {

    public static final int ID_LENGTH = 64;
    public static final int LINES = 100;
    public static final int QUANTITY = 10_000;
    /** The highest price of one piece, in major units. */
    public static final String PRICE = "1000000.00";
    /** The highest price of one piece, in minor units. */
    public static final long PRICE_MINOR = 100_000_000;
    /** Digits before the decimal point of a price. */
    public static final int PRICE_DIGITS = 7;
    /**
     * What an identifier may consist of: anything that cannot break a log line or a header, or a terminal, which takes the
     * controls beyond ASCII too. Half a surrogate pair is no character, and no encoding carries it.
     */
    public static final String NO_CONTROL_CHARACTERS = "[^\\p{Cc}\\p{Cs}\\u2028\\u2029]*";

    public static final int PAGE = 100;

    private OrderLimits() {}
}
