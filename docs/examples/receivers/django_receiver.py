# Django: request.body is the raw bytes. A webhook has no CSRF token, so its view must be exempt.
import os
from wsgiref.simple_server import make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError


@csrf_exempt
@require_POST
def receive(request):
    # request.META has HTTP_WEBHOOK_ID; request.headers has the names as they are sent, with capital letters.
    headers = dict(request.headers)
    try:
        message = Webhook(os.environ["RMS_SIGNING_SECRET"]).verify(request.body, headers)
    except WebhookVerificationError:
        return HttpResponse(status=401)
    return JsonResponse({"received": message["forwardOrderCode"]})


urlpatterns = [path("webhooks/rms", receive)]

if __name__ == "__main__":
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="not used")
    make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application()).serve_forever()
