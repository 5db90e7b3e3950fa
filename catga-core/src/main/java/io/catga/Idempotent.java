package io.catga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type of message that is handled once for its id, whatever the handler does: the same message again, at any
 * instance, gets the recorded result, and one that comes while the first is still being handled waits for it. For an event
 * this is the inbox: each handler of each consumer handles it once. Needs a {@link io.catga.store.StateStore}.
 *
 * <p>Not needed where all that a handler does is one {@link io.catga.store.UnitOfWork#commit}, which does the same in its
 * one step. Together with it the handler gets the fence: an instance that was slower than its lease, and was replaced,
 * cannot commit any more.
 *
 * <p>Only success is recorded; after a failure the same id may be tried again.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {}
