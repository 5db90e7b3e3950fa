package io.catga.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * One product in an order.
 *
 * @param price of one piece
 */
public record OrderLine(
        @NotBlank @Size(max = OrderLimits.ID_LENGTH) @Pattern(regexp = OrderLimits.NO_CONTROL_CHARACTERS)
        String productId,

        @Min(1) @Max(OrderLimits.QUANTITY) int quantity,
        @NotNull @Valid Money price) {

    public Money amount() {
        return price.times(quantity);
    }
}
