package io.catga.orders;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;

/**
 * An exact amount of money with two decimal places; a plain number in JSON.
 *
 * @param minor in the smallest unit, such as cents
 */
public record Money(@Positive long minor) {

    private static final int DECIMALS = 2;

    /**
     * @throws ArithmeticException where the amount has more than two decimal places or does not fit
     */
    @JsonCreator
    public static Money of(BigDecimal amount) {
        return new Money(amount.movePointRight(DECIMALS).longValueExact());
    }

    @JsonValue
    public BigDecimal amount() {
        return BigDecimal.valueOf(minor, DECIMALS);
    }

    /**
     * @throws ArithmeticException where the sum does not fit
     */
    public Money plus(Money other) {
        return new Money(Math.addExact(minor, other.minor));
    }

    /**
     * @throws ArithmeticException where the product does not fit
     */
    public Money times(int quantity) {
        return new Money(Math.multiplyExact(minor, quantity));
    }
}
