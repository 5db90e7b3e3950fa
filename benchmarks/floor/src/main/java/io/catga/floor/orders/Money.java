package io.catga.floor.orders;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/**
 * An exact amount with two decimal places, in JSON a number.
 *
 * @param cents the amount in its smallest unit
 */
public record Money(long cents) {

    /** Fails with {@link ArithmeticException} on more than two decimal places. */
    @JsonCreator
    public static Money of(BigDecimal amount) {
        return new Money(amount.movePointRight(2).longValueExact());
    }

    @JsonValue
    public BigDecimal amount() {
        return BigDecimal.valueOf(cents, 2);
    }
}
