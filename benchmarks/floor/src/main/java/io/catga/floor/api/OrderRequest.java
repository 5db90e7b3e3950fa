package io.catga.floor.api;

import io.catga.floor.orders.CreateOrder;
import io.catga.floor.orders.Money;
import io.catga.floor.orders.OrderLine;
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

/** The body of {@code POST /api/orders} as it came; {@link #toCommand} is for one that was found valid. */
record OrderRequest(
        @NotBlank
        @Size(max = 64)
        @Pattern(regexp = "\\P{Cntrl}*", message = "must not contain control characters")
        @Nullable
        String customerId,

        @NotEmpty @Size(max = 100) @Nullable List<@NotNull @Valid @Nullable Item> items) {

    /** One line of the order. */
    record Item(
            @NotBlank
            @Size(max = 64)
            @Pattern(regexp = "\\P{Cntrl}*", message = "must not contain control characters")
            @Nullable
            String productId,

            @NotNull
            @Min(1)
            @Max(10_000)
            @Digits(integer = 5, fraction = 0, message = "must be a whole number")
            @Nullable
            BigDecimal quantity,

            @NotNull
            @DecimalMin("0.01")
            @DecimalMax("1000000.00")
            @Digits(
                    integer = 7,
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

    CreateOrder toCommand() {
        return new CreateOrder(
                Objects.requireNonNull(customerId),
                Objects.requireNonNull(items).stream()
                        .map(item -> Objects.requireNonNull(item).toLine())
                        .toList());
    }
}
