package io.catga.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.catga.codec.JacksonCodec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MoneyTest {

    private final JacksonCodec codec = new JacksonCodec();

    @Test
    void isANumberWithTwoDecimalPlacesInJson() {
        assertThat(codec.encode(Money.of(new BigDecimal("100"))))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("100.00");
        assertThat(codec.<Money>decode("0.1".getBytes(StandardCharsets.UTF_8), Money.class))
                .isEqualTo(new Money(10));
    }

    @Test
    void multipliesAndAddsExactly() {
        assertThat(Money.of(new BigDecimal("0.10")).times(3).plus(new Money(1)).amount())
                .isEqualTo(new BigDecimal("0.31"));
    }

    @Test
    void refusesWhatIsNotExact() {
        assertThatThrownBy(() -> Money.of(new BigDecimal("0.001"))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> new Money(Long.MAX_VALUE).times(2)).isInstanceOf(ArithmeticException.class);
    }
}
