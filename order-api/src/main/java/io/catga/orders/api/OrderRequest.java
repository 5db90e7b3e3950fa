package io.catga.orders.api;

import io.catga.orders.CreateOrderCommand;
import io.catga.orders.Money;
import io.catga.orders.OrderLimits;
import io.catga.orders.OrderLine;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/orders} as it came, before anything is known to be right: numbers of any size, anything
 * missing. {@link #toCommand} is for one that broke no constraint.
 */
record OrderRequest(
        @NotBlank
        @Size(max = OrderLimits.ID_LENGTH)
        @Pattern(regexp = OrderLimits.NO_CONTROL_CHARACTERS, message = "must not contain control characters")
        @Nullable
        String customerId,

        @NotEmpty @Size(max = OrderLimits.LINES) @Nullable List<@NotNull @Valid @Nullable Item> items) {

    /** One line of the order. */
    record Item(
            @NotBlank
            @Size(max = OrderLimits.ID_LENGTH)
            @Pattern(regexp = OrderLimits.NO_CONTROL_CHARACTERS, message = "must not contain control characters")
            @Nullable
            String productId,

            @NotNull
            @Min(1)
            @Max(OrderLimits.QUANTITY)
            @Digits(integer = 5, fraction = 0, message = "must be a whole number")
            @Nullable
            BigDecimal quantity,

            @NotNull
            @DecimalMin("0.01")
            @DecimalMax(OrderLimits.PRICE)
            @Digits(
                    integer = OrderLimits.PRICE_DIGITS,
                    fraction = 2,
                    message = "must have at most 7 digits before and 2 after the decimal point")
            @Nullable
            BigDecimal price) {

        private OrderLine toLine() {
            return new OrderLine(
                    Objects.requireNonNull(productId),
                    Objects.requireNonNull(quantity).intValueExact(),
                    Money.of(Objects.requireNonNull(price)));
        }
    }

    /** Enough to be refused for, and to be told what is wrong with the lines that an order may have. */
    OrderRequest withOneLineTooManyAtMost() {
        return items == null || items.size() <= OrderLimits.LINES
                ? this
                : new OrderRequest(customerId, items.subList(0, OrderLimits.LINES + 1));
    }

    CreateOrderCommand toCommand() {
        return new CreateOrderCommand(
                Objects.requireNonNull(customerId),
                Objects.requireNonNull(items).stream()
                        .map(item -> Objects.requireNonNull(item).toLine())
                        .toList());
    }
}
