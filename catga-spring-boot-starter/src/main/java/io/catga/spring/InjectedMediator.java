package io.catga.spring;

import io.catga.CatgaError;
import io.catga.DefaultMediator;
import io.catga.Described;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.Mediator;
import io.catga.MediatorBuilder;
import io.catga.MessageCatalog;
import io.catga.MessageOptions;
import io.catga.Reply;
import io.catga.Request;
import io.catga.RequestHandler;
import io.catga.Result;
import io.catga.Unit;
import io.catga.codec.Upcaster;
import io.catga.pipeline.Behavior;
import io.catga.transport.Delivery;
import io.catga.transport.InboundMessages;
import io.catga.transport.WireMessage;
import io.catga.transport.WireReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The mediator that is injected. Handlers may themselves ask for the mediator, so it is there before they are; the real
 * one is built, and every mistake reported, when all beans exist and before anything is started.
 */
final class InjectedMediator implements Mediator, InboundMessages, Described, SmartInitializingSingleton {

    private final MediatorBuilder builder;
    private final ObjectProvider<MessageCatalog> catalogs;
    private final ObjectProvider<RequestHandler<?, ?>> requestHandlers;
    private final ObjectProvider<EventHandler<?>> eventHandlers;
    private final HandlerMethods handlerMethods;
    private final ObjectProvider<Upcaster> upcasters;
    private final ObjectProvider<Behavior> behaviors;
    private @Nullable DefaultMediator built;

    InjectedMediator(
            MediatorBuilder builder,
            ObjectProvider<MessageCatalog> catalogs,
            ObjectProvider<RequestHandler<?, ?>> requestHandlers,
            ObjectProvider<EventHandler<?>> eventHandlers,
            HandlerMethods handlerMethods,
            ObjectProvider<Upcaster> upcasters,
            ObjectProvider<Behavior> behaviors) {
        this.builder = builder;
        this.catalogs = catalogs;
        this.requestHandlers = requestHandlers;
        this.eventHandlers = eventHandlers;
        this.handlerMethods = handlerMethods;
        this.upcasters = upcasters;
        this.behaviors = behaviors;
    }

    @Override
    public void afterSingletonsInstantiated() {
        catalogs.orderedStream().forEach(builder::catalog);
        requestHandlers.orderedStream().forEach(builder::handler);
        eventHandlers.orderedStream().forEach(builder::handler);
        handlerMethods.addTo(builder);
        upcasters.orderedStream().forEach(builder::upcaster);
        behaviors.orderedStream().forEach(builder::behavior);
        built = builder.build();
    }

    private DefaultMediator built() {
        DefaultMediator mediator = built;
        if (mediator == null) {
            throw new IllegalStateException("a message was sent while the application was being put together;"
                    + " send from an ApplicationRunner or a SmartLifecycle instead of a constructor");
        }
        return mediator;
    }

    boolean isBuilt() {
        return built != null;
    }

    @Override
    public <R> Result<R> send(Request<R> request, MessageOptions options) {
        return built().send(request, options);
    }

    @Override
    public <R> Reply<R> exchange(Request<R> request, MessageOptions options) {
        return built().exchange(request, options);
    }

    @Override
    public <R> CompletionStage<Result<R>> sendAsync(Request<R> request, MessageOptions options) {
        return built().sendAsync(request, options);
    }

    @Override
    public Result<Unit> publish(Event event, MessageOptions options) {
        return built().publish(event, options);
    }

    @Override
    public Map<String, Object> describe() {
        return built().describe();
    }

    @Override
    public Set<String> requestTypes() {
        return built().requestTypes();
    }

    @Override
    public Set<String> eventTypes() {
        return built().eventTypes();
    }

    @Override
    public WireReply onRequest(WireMessage request) {
        return built().onRequest(request);
    }

    @Override
    public WireReply refuse(WireMessage request) {
        return built().refuse(request);
    }

    @Override
    public WireReply reject(WireMessage request, CatgaError error) {
        return built().reject(request, error);
    }

    @Override
    public Delivery onEvent(WireMessage event, int attempt, boolean lastAttempt) {
        return built().onEvent(event, attempt, lastAttempt);
    }
}
