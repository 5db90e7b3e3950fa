package io.catga.orders;

import io.catga.Command;
import io.catga.MessageType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Places an order. */
@MessageType("orders.create-order")
public record CreateOrderCommand(
        @NotBlank @Size(max = OrderLimits.ID_LENGTH) @Pattern(regexp = OrderLimits.NO_CONTROL_CHARACTERS)
        String customerId,

        @NotEmpty @Size(max = OrderLimits.LINES) List<@NotNull @Valid OrderLine> items)
        implements Command<Order> {}
