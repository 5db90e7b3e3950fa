package io.catga.orders.api;

import io.catga.CatgaError;
import io.catga.Mediator;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Request;
import io.catga.Result;
import io.catga.orders.CancelOrderCommand;
import io.catga.orders.FindOrderHistoriesQuery;
import io.catga.orders.GetOrderHistoryQuery;
import io.catga.orders.GetOrderQuery;
import io.catga.orders.ListOrdersQuery;
import io.catga.orders.Order;
import io.catga.orders.OrderHistories;
import io.catga.orders.OrderHistory;
import io.catga.orders.OrderLimits;
import io.catga.orders.OrderPage;
import io.catga.spring.web.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. */
@RestController
@RequestMapping(path = "/api/orders", produces = MediaType.APPLICATION_JSON_VALUE)
final class OrderController {

    private final Mediator mediator;
    private final OrderRequestReader reader;
    private final Problems problems;

    OrderController(Mediator mediator, OrderRequestReader reader, Problems problems) {
        this.mediator = mediator;
        this.reader = reader;
        this.problems = problems;
    }

    @Operation(
            summary = "Place an order",
            description = "The same Idempotency-Key and body again, on any instance, within 24 hours: the same answer.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = OrderRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            "{\"customerId\":\"c-1\",\"items\":[{\"productId\":\"p-1\","
                                                                    + "\"quantity\":2,\"price\":100}]}"))),
            responses = {
                @ApiResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = Order.class))),
                @ApiResponse(responseCode = "400", description = "Every bad field is named"),
                @ApiResponse(responseCode = "422", description = "The key was used with another body"),
                @ApiResponse(responseCode = "503", description = "Nobody can take the order now; try again")
            })
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Object> create(
            @RequestHeader(name = RequestHeaders.KEY, required = false) @Nullable String key,
            @RequestHeader(name = RequestHeaders.TIMEOUT, required = false) @Nullable String timeout,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        MessageOptions options = RequestHeaders.options(key, timeout);
        OrderRequest body = reader.read(request.getInputStream());
        return answer(
                body.toCommand(),
                options,
                order -> ResponseEntity.created(URI.create("/api/orders/" + order.orderId())));
    }

    @Operation(summary = "Read an order")
    @GetMapping("/{orderId}")
    ResponseEntity<Object> get(
            @PathVariable String orderId,
            @RequestHeader(name = RequestHeaders.TIMEOUT, required = false) @Nullable String timeout) {
        return answer(new GetOrderQuery(orderId), RequestHeaders.options(null, timeout), any -> ResponseEntity.ok());
    }

    @Operation(
            summary = "List orders, newest first",
            description = "A page of large orders has fewer than were asked for; nextCursor leads on.")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = OrderPage.class)))
    @GetMapping
    ResponseEntity<Object> list(
            @RequestParam(required = false) @Nullable String customerId,
            @RequestParam(defaultValue = "20") @Schema(minimum = "1", maximum = "" + OrderLimits.PAGE) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestHeader(name = RequestHeaders.TIMEOUT, required = false) @Nullable String timeout) {
        return answer(
                new ListOrdersQuery(given(customerId), limit, given(cursor)),
                RequestHeaders.options(null, timeout),
                any -> ResponseEntity.ok());
    }

    /** A parameter that is named without a value says nothing. */
    private static @Nullable String given(@Nullable String parameter) {
        return parameter == null || parameter.isEmpty() ? null : parameter;
    }

    @Operation(summary = "Cancel an order", description = "Cancelling again gives the same answer.")
    @PostMapping("/{orderId}/cancel")
    ResponseEntity<Object> cancel(
            @PathVariable String orderId,
            @RequestHeader(name = RequestHeaders.KEY, required = false) @Nullable String key,
            @RequestHeader(name = RequestHeaders.TIMEOUT, required = false) @Nullable String timeout) {
        return answer(
                new CancelOrderCommand(orderId), RequestHeaders.options(key, timeout), any -> ResponseEntity.ok());
    }

    @Operation(
            summary = "What has happened to an order",
            description =
                    "Who accepted, handled and stored it, when its events were published, who has seen them, and what "
                            + "was given up. As text, for a person to read, where text/plain is preferred to JSON.")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = OrderHistory.class)))
    @ApiResponse(responseCode = "404", description = "There is no such order", content = @Content)
    @GetMapping(
            path = "/{orderId}/history",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_PLAIN_VALUE})
    ResponseEntity<Object> history(
            @PathVariable String orderId,
            @RequestHeader(name = RequestHeaders.TIMEOUT, required = false) @Nullable String timeout,
            @Parameter(hidden = true) @RequestHeader HttpHeaders headers) {
        return told(new GetOrderHistoryQuery(orderId), timeout, headers, List::of);
    }

    @Operation(
            summary = "What has happened to the orders with some id",
            description =
                    "The id of an order, the Idempotency-Key or message id of a request that placed or cancelled one, "
                            + "or the trace id of that request. Ids of messages and traces are known for 7 days. The newest 10.")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = OrderHistories.class)))
    @ApiResponse(responseCode = "404", description = "Nothing is known by this id", content = @Content)
    @GetMapping(
            path = "/history",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_PLAIN_VALUE})
    ResponseEntity<Object> histories(
            @RequestParam String id,
            @RequestHeader(name = RequestHeaders.TIMEOUT, required = false) @Nullable String timeout,
            @Parameter(hidden = true) @RequestHeader HttpHeaders headers) {
        return told(new FindOrderHistoriesQuery(id), timeout, headers, OrderHistories::orders);
    }

    private <R> ResponseEntity<Object> told(
            Request<R> question,
            @Nullable String timeout,
            HttpHeaders headers,
            Function<R, List<OrderHistory>> histories) {
        MediaType type = RequestHeaders.textOrJson(headers.getAccept());
        return answer(
                question,
                RequestHeaders.options(null, timeout),
                any -> ResponseEntity.ok().contentType(type),
                found -> type == RequestHeaders.TEXT ? HistoryText.of(histories.apply(found)) : found);
    }

    private <R> ResponseEntity<Object> answer(
            Request<R> request, MessageOptions options, Function<R, ResponseEntity.BodyBuilder> status) {
        return answer(request, options, status, Function.identity());
    }

    private <R> ResponseEntity<Object> answer(
            Request<R> request,
            MessageOptions options,
            Function<R, ResponseEntity.BodyBuilder> status,
            Function<? super R, ?> body) {
        Reply<R> reply = mediator.exchange(request, options);
        HttpHeaders headers = new HttpHeaders();
        if (reply.handledBy() != null) {
            headers.set("X-Handled-By", reply.handledBy());
        }
        if (reply.replayed()) {
            headers.set("Idempotent-Replayed", "true");
        }
        return switch (reply.result()) {
            case Result.Success<R>(R value) ->
                status.apply(value).headers(headers).body(body.apply(value));
            case Result.Failure<R>(CatgaError error) -> {
                ResponseEntity<Object> problem = problems.of(error);
                headers.putAll(problem.getHeaders());
                yield new ResponseEntity<>(problem.getBody(), headers, problem.getStatusCode());
            }
        };
    }
}
