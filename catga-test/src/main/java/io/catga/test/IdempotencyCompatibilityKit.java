package io.catga.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.CatgaError;
import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.DefaultMediator;
import io.catga.ErrorCode;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Idempotent;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageOptions;
import io.catga.MessageType;
import io.catga.Reply;
import io.catga.Result;
import io.catga.Unit;
import io.catga.codec.JacksonCodec;
import io.catga.store.IdempotencyOptions;
import io.catga.store.StateStore;
import io.catga.store.UnitOfWork;
import io.catga.transport.Delivery;
import io.catga.transport.WireMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What messages that are {@link Idempotent} must find in every {@link StateStore}, with two instances over one store. Extend
 * it, and say where the store is.
 */
public abstract class IdempotencyCompatibilityKit {

    /** Over in no test that does not wait for it. */
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int MAX_RESULT = 1_000;
    private static final Clock CLOCK = Clock.systemUTC();
    private static final JacksonCodec CODEC = new JacksonCodec();
    private static final MessageCatalog CATALOG = MessageCatalog.of(Charge.class, Ship.class, Charged.class);

    @Idempotent
    @MessageType("kit.charge")
    record Charge(String account, int amount) implements Command<String> {}

    @Idempotent
    @MessageType("kit.ship")
    record Ship(String order) implements Command<Unit> {}

    @Idempotent
    @MessageType("kit.charged")
    record Charged(String account) implements Event {}

    private final AtomicInteger charged = new AtomicInteger();
    private final AtomicInteger shipped = new AtomicInteger();
    private final String key = UUID.randomUUID().toString();

    /** The store that the instances share; empty, or with what other tests have left. */
    protected abstract StateStore store();

    private final class ChargeHandler implements CommandHandler<Charge, String> {

        private final BiFunction<Charge, MessageContext, Result<String>> work;

        ChargeHandler(BiFunction<Charge, MessageContext, Result<String>> work) {
            this.work = work;
        }

        @Override
        public Result<String> handle(Charge command, MessageContext context) {
            charged.incrementAndGet();
            return work.apply(command, context);
        }
    }

    private final class ShipHandler implements CommandHandler<Ship, Unit> {
        @Override
        public Result<Unit> handle(Ship command, MessageContext context) {
            shipped.incrementAndGet();
            return Result.done();
        }
    }

    private MediatorBuilder builder(String name) {
        return builder(name, LONG);
    }

    private MediatorBuilder builder(String name, Duration lease) {
        return Mediator.builder()
                .instance(name)
                .catalog(CATALOG)
                .codec(CODEC)
                .store(store())
                .idempotency(new IdempotencyOptions(lease, Duration.ofMinutes(5), MAX_RESULT));
    }

    private DefaultMediator instance(String name, BiFunction<Charge, MessageContext, Result<String>> work) {
        return builder(name)
                .handler(new ChargeHandler(work))
                .handler(new ShipHandler())
                .build();
    }

    private DefaultMediator instance(String name) {
        return instance(name, (command, context) -> Result.success("charged by " + name));
    }

    private Reply<String> charge(Mediator mediator, int amount, Duration timeout) {
        return mediator.exchange(
                new Charge("ada", amount),
                MessageOptions.defaults().withIdempotencyKey(key).withTimeout(timeout));
    }

    private Reply<String> charge(Mediator mediator) {
        return charge(mediator, 10, TransportCompatibilityKitNodes.SOON);
    }

    private static ErrorCode codeOf(Result<?> result) {
        CatgaError error = TransportCompatibilityKitNodes.errorOf(result);
        return error.code();
    }

    @Test
    void repeatsTheRecordedResultAtAnotherInstance() {
        charge(instance("one"));

        Reply<String> again = charge(instance("two"));

        assertThat(again.result()).isEqualTo(Result.success("charged by one"));
        assertThat(again.replayed()).isTrue();
        assertThat(charged).hasValue(1);
    }

    @Test
    void handlesACommandWithoutAResultOnce() {
        MessageOptions options = MessageOptions.defaults().withIdempotencyKey(key);
        instance("one").exchange(new Ship("o-1"), options);

        Reply<Unit> again = instance("two").exchange(new Ship("o-1"), options);

        assertThat(again.result()).isEqualTo(Result.done());
        assertThat(again.replayed()).isTrue();
        assertThat(shipped).hasValue(1);
    }

    @Test
    void refusesAnotherContentUnderTheSameKey() {
        charge(instance("one"));

        Reply<String> other = charge(instance("two"), 11, TransportCompatibilityKitNodes.SOON);

        assertThat(codeOf(other.result())).isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH);
        assertThat(charged).hasValue(1);
    }

    @Test
    void doesNotRememberAFailure() {
        AtomicInteger attempts = new AtomicInteger();
        DefaultMediator mediator = instance(
                "one",
                (command, context) -> attempts.incrementAndGet() == 1
                        ? Result.failure(ErrorCode.CONFLICT, "not yet")
                        : Result.success("now"));

        assertThat(codeOf(charge(mediator).result())).isEqualTo(ErrorCode.CONFLICT);
        assertThat(charge(mediator).result()).isEqualTo(Result.success("now"));
    }

    @Test
    void waitsForOneThatIsStillBeingHandled() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        DefaultMediator slow = instance("slow", (command, context) -> {
            begun.countDown();
            TransportCompatibilityKitNodes.opens(end, TransportCompatibilityKitNodes.SOON);
            return Result.success("charged by slow");
        });
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reply<String>> first = clients.submit(() -> charge(slow));
            begun.await();
            Future<Reply<String>> second = clients.submit(() -> charge(instance("two")));
            Reply<String> impatient = charge(instance("three"), 10, Duration.ofMillis(100));
            end.countDown();

            assertThat(codeOf(impatient.result())).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(first.get().replayed()).isFalse();
            assertThat(second.get().result()).isEqualTo(Result.success("charged by slow"));
            assertThat(second.get().replayed()).isTrue();
        }
        assertThat(charged).hasValue(1);
    }

    /** The first is slower than its lease: the second takes over, and what the first writes afterwards does not count. */
    @Test
    void whoWasReplacedAfterItsLeaseCannotWriteAnyMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        UnitOfWork unitOfWork = new UnitOfWork(store(), CODEC, CLOCK, Duration.ofMinutes(5));
        BiFunction<Charge, MessageContext, Result<String>> writing = (command, context) ->
                unitOfWork.commit(context, "charged", step -> step.put(key, new byte[] {1}), List.of());
        DefaultMediator slow = builder("slow", SHORT)
                .handler(new ChargeHandler((command, context) -> {
                    begun.countDown();
                    TransportCompatibilityKitNodes.opens(end, TransportCompatibilityKitNodes.SOON);
                    return unitOfWork.commit(context, "too late", step -> step.put(key, new byte[] {2}), List.of());
                }))
                .handler(new ShipHandler())
                .build();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reply<String>> first = clients.submit(() -> charge(slow));
            begun.await();
            Reply<String> second = charge(instance("two", writing));
            end.countDown();

            assertThat(second.result()).isEqualTo(Result.success("charged"));
            assertThat(second.replayed()).isFalse();
            assertThat(first.get().result()).isEqualTo(Result.success("charged"));
        }
        assertThat(store().get(key, CLOCK.instant().plusSeconds(5))).hasValue(new byte[] {1});
        assertThat(charged).hasValue(2);
    }

    /** The owner dies: here it gives its right never back. */
    @Test
    void anotherTakesOverAfterTheLease() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        DefaultMediator dying = builder("dying", SHORT)
                .handler(new ChargeHandler((command, context) -> {
                    begun.countDown();
                    TransportCompatibilityKitNodes.opens(new CountDownLatch(1), Duration.ofMinutes(1));
                    return Result.failure(ErrorCode.INTERNAL, "never reached");
                }))
                .handler(new ShipHandler())
                .build();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        try {
            clients.submit(() -> charge(dying));
            begun.await();

            assertThat(charge(instance("two")).result()).isEqualTo(Result.success("charged by two"));
        } finally {
            clients.shutdownNow();
            assertThat(clients.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aResultThatIsTooLargeIsAFailureThatIsSaid() {
        Reply<String> reply = charge(instance("one", (command, context) -> Result.success("x".repeat(MAX_RESULT))));

        CatgaError error = TransportCompatibilityKitNodes.errorOf(reply.result());
        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(error.message()).contains("catga.idempotency.max-result");
    }

    /** Each handler of each consumer has handled it once; one that had failed is given it again, and the other is not. */
    @Test
    void anEventThatComesAgainIsHandledOnceByEachHandlerOfEachConsumer() {
        AtomicInteger steady = new AtomicInteger();
        AtomicInteger failing = new AtomicInteger();
        class Steady implements EventHandler<Charged> {
            @Override
            public Result<Unit> handle(Charged event, MessageContext context) {
                steady.incrementAndGet();
                return Result.done();
            }
        }
        class FailingOnce implements EventHandler<Charged> {
            @Override
            public Result<Unit> handle(Charged event, MessageContext context) {
                return failing.incrementAndGet() == 1 ? Result.failure(ErrorCode.INTERNAL, "once") : Result.done();
            }
        }
        DefaultMediator one = builder("one-" + key)
                .handler(new Steady())
                .handler(new FailingOnce())
                .handler(new ShipHandler())
                .handler(new ChargeHandler((command, context) -> Result.success("")))
                .build();
        DefaultMediator two = builder("two-" + key)
                .handler(new Steady())
                .handler(new ShipHandler())
                .handler(new ChargeHandler((command, context) -> Result.success("")))
                .build();
        WireMessage event = new WireMessage("kit.charged", key, Map.of(), CODEC.encode(new Charged("ada")));

        assertThat(one.onEvent(event, 1, false)).isInstanceOf(Delivery.Again.class);
        assertThat(steady).hasValue(1);
        assertThat(one.onEvent(event, 2, false)).isInstanceOf(Delivery.Handled.class);
        assertThat(one.onEvent(event, 3, false)).isInstanceOf(Delivery.Handled.class);
        assertThat(steady).hasValue(1);
        assertThat(failing).hasValue(2);

        two.onEvent(event, 1, false);
        two.onEvent(event, 2, false);
        assertThat(steady).as("another consumer").hasValue(2);
    }

    /** Many at once, at two instances: one is handled, and all get its result. */
    @Test
    void ofManyAtOnceOneIsHandled() throws Exception {
        DefaultMediator one = instance("one");
        DefaultMediator two = instance("two");

        List<Reply<String>> replies = TransportCompatibilityKitNodes.inParallel(IntStream.range(0, 32)
                .<Callable<Reply<String>>>mapToObj(i -> () -> charge(i % 2 == 0 ? one : two))
                .toList());

        assertThat(charged).hasValue(1);
        assertThat(replies)
                .hasSize(32)
                .extracting(Reply::result)
                .containsOnly(replies.getFirst().result());
        assertThat(replies).filteredOn(reply -> !reply.replayed()).hasSize(1);
    }
}
