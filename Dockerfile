# The site and its worker in one image; docs/running/operations.md says how it is run.
FROM python:3.12-slim-bookworm AS packages
COPY requirements.txt /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home weerwoord \
    && install -d -o weerwoord -g weerwoord -m 700 /var/weerwoord
COPY --from=packages /venv /venv
COPY . /srv/weerwoord
WORKDIR /srv/weerwoord
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    WEERWOORD_VAR=/var/weerwoord HOST=0.0.0.0 PORT=8000
# Hashed, precompressed static files belong to the image; the settings need names, none of them real.
RUN WEERWOORD_MODE=local WEERWOORD_VAR=/tmp/build STATIC_ROOT=/srv/static \
    DATABASE_URL=postgres:///none python manage.py collectstatic --noinput && rm -r /tmp/build
ENV STATIC_ROOT=/srv/static
USER weerwoord
VOLUME /var/weerwoord
EXPOSE 8000
# Any answer but a fault: without a database robots.txt answers too.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/robots.txt'); raise SystemExit(c.getresponse().status >= 500)"]
CMD ["gunicorn", "-c", "python:config.server"]
